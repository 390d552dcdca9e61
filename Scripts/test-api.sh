#!/usr/bin/env bash
# The API against its own description, and /metrics against Prometheus.
#
# Schemathesis takes openapi.json from a running `margay watch`, makes requests that fit it and such that do not, and
# compares each answer with it: no server error, no status, type, member or header that is not described, nothing accepted
# that does not fit, nothing refused that does, nothing answered without a token. Once without users, once with users and
# a token that may do everything. promtool reads /metrics of a store that holds something of each kind.
#
#   MARGAY=PATH       the program
#   API_EXAMPLES=5    requests made up for each operation, beside those that are always made
#   API_SEED=1        where chance begins
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
program=$(realpath "$MARGAY")
examples=${API_EXAMPLES:-5} seed=${API_SEED:-1}
Scripts/setup.sh api
tools=$PWD/.build-api
root=$PWD

folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-api.XXXXXX")
watch=
finish() {
    if [[ -n $watch ]]; then
        kill "$watch" 2>/dev/null || true
        wait "$watch" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT

failed() {
    echo "not ok: $1" >&2
    [[ ! -e $folder/output ]] || tail -n 400 "$folder/output" >&2
    exit 1
}

# Few packs: what is tested here is not the packs, and few are compiled in no time.
mkdir "$folder/log" "$folder/patterns"
for pack in core nginx java postgresql; do
    cp "patterns/$pack.yaml" "$folder/patterns/"
done
cp samples/application/{nginx-error,nginx-access,java}.log samples/business/shop.log "$folder/log/"
# A file that nobody can read, for root too: it is no file.
mkdir "$folder/log/directory.log"
cat >"$folder/margay.yaml" <<END
store: $folder/margay.db
node: web "1"\\x
packs: [$folder/patterns, $folder/local]
sources:
  - name: app
    paths: ['$folder/log/*', '$folder/none/*']
    start: beginning
console: { listen: '127.0.0.1:0', local_packs: $folder/local }
END
mkdir "$folder/local"

# Begins to watch; `address` is the console's then. The first start compiles the packs.
begin() {
    # Before the program has it: what the one before it said is not to be read.
    : >"$folder/watch"
    env NO_COLOR=1 XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" \
        "$program" watch --config "$folder/margay.yaml" >"$folder/watch" 2>&1 &
    watch=$!
    address=
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        address=$(grep -o 'http://127.0.0.1:[0-9]*' "$folder/watch" | head -n 1 || true)
        [[ -z $address ]] || break
        kill -0 "$watch" 2>/dev/null || { cat "$folder/watch" >&2; failed "margay watch ended"; }
        sleep 0.2
    done
    [[ -n $address ]] || failed "margay watch did not say where its console is"
    # Issues to ask for.
    for ((tries = 0; tries < 300; tries++)); do
        if [[ $(curl -s "$@" "$address/api/v1/count") == '{"count":0}' ]]; then sleep 0.1; else break; fi
    done
}

end() {
    kill "$watch"
    wait "$watch" || true
    watch=
}

# Schemathesis with the arguments; shows what it found where it found something.
check() {
    local name=$1 began=$SECONDS
    shift
    # It leaves a folder where it runs.
    (cd "$folder" && "$tools/venv/bin/schemathesis" --config-file "$root/Tests/API/schemathesis.toml" run \
        "$address/api/v1/openapi.json" --max-examples "$examples" --seed "$seed" --no-color --warnings off \
        --suppress-health-check all "$@") >"$folder/output" 2>&1 || failed "$name"
    echo "ok: $name: $(grep -o '[0-9]* generated' "$folder/output" | head -n 1) requests to" \
        "$(grep -o 'Tested: [0-9]*' "$folder/output" | grep -o '[0-9]*') operations, $((SECONDS - began)) s"
}

begin
check "without users"
curl -sf -o /dev/null "$address/healthz" || failed "the console has ended"
curl -sf "$address/metrics" >"$folder/metrics"
# Problems of style are errors too.
"$tools/promtool" check metrics <"$folder/metrics" >"$folder/output" 2>&1 || failed "promtool check metrics"
[[ ! -s $folder/output ]] || failed "promtool check metrics"
echo "ok: promtool: $(grep -c '^# TYPE' "$folder/metrics") metrics, $(grep -vc '^#' "$folder/metrics") series"
end

margay() { env NO_COLOR=1 "$program" "$@" --store "$folder/margay.db"; }
rm -f "$folder"/margay.db*
margay scan --packs "$folder/patterns" "$folder/log/"*.log >/dev/null 2>&1 || true
for role in admin viewer; do
    echo "four words of $role's own" | margay user add "$role" --role "$role" --password-stdin --quiet >/dev/null
done
# Of nobody, so that nothing that is done to users ends it.
token=$(margay token add schemathesis-token --scope admin --quiet | grep -o 'mgy_[A-Za-z0-9_-]*')
begin -H "Authorization: Bearer $token"
# The token itself is not to be removed while it is used.
check "with users and a token" --header "Authorization: Bearer $token" --exclude-operation-id removeToken
[[ $(curl -s -o /dev/null -w '%{http_code}' "$address/api/v1/issues") == 401 ]] || failed "no token, and an answer"
end
