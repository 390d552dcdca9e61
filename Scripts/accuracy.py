#!/usr/bin/env python3
"""How right margay is about logs of which the answers are known.

    Scripts/accuracy.py [--program PATH] [--packs DIR] [--pack NAME]... [--list N] [--require PERCENT] DIR

DIR holds sets, one to a directory at any depth. Three kinds of answers, beside the log they belong to:

  X.log and X.json    the multi-line events of the log: {"events": [{"first_line", "last_line", "language", "type",
                      "message", "accept_first", "accept_last", "extent"}], "negative", "strict"}
  X.log and X.jsonl   one object a line: {"n", "event_id", "severity"}; lines with the same event_id are one kind
  X.log and X.jsonl   one object a line, without event_id: {"n", "failure", "host", "user"}; whether the line is a failure

What is printed, and what it means: Docs/reference/accuracy.md. Exits 1 when fewer than PERCENT of the records are exact.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

# What a set may call a language, by our name for it.
LANGUAGES = {
    'c': {'asan', 'ubsan', 'tsan', 'msan', 'lsan', 'libfuzzer', 'native', 'valgrind', 'gdb', 'c++', 'cpp'},
    'dotnet': {'csharp', 'c#', '.net'},
    'kernel': {'linux', 'kernel-linux'},
    'java': {'kotlin', 'scala'},
    'javascript': {'typescript', 'node', 'js'},
}


# What logs call their levels, in classes.
LEVELS = {
    'error': {'e', 'f', 'err', 'error', 'fatal', 'crit', 'critical', 'alert', 'emerg', 'emergency', 'panic', 'severe'},
    'warning': {'w', 'warn', 'warning'},
    'other': {'i', 'v', 'd', 'info', 'informational', 'information', 'notice', 'debug', 'trace', 'log', 'note', 'default',
              'ok', 'fine', 'finer', 'finest', 'config', 'verbose', 'statement', 'detail', 'hint', 'context', 'query'},
}


def level_class(level):
    """error, warning or other; None for a level that is not known."""
    word = str(level).strip().lower()
    return next((name for name, words in LEVELS.items() if word in words), None)


def read_json(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def read_lines(path):
    """The lines of a log, of which line n is at n - 1; any bytes are borne."""
    with open(path, 'rb') as file:
        lines = file.read().split(b'\n')
    if lines and not lines[-1]:
        lines.pop()
    return lines


def is_failure(row):
    """What a row says of its line: a failure, none, or nothing at all (then the line does not count)."""
    if row.get('depends_on_mode') or row.get('constraint'):
        return None
    for key in ('match', 'failure'):
        if isinstance(row.get(key), bool):
            return row[key]
    return {'error-or-attack': True, 'error': True, 'ignored': False, 'notice': False, 'other': False,
            }.get(row.get('severity') or row.get('level'))


def find_sets(root):
    """For each directory with answers: the logs with events, those with kinds, those with failures."""
    sets = {}
    for folder, _, names in sorted(os.walk(root)):
        known = set(names)
        for name in sorted(known):
            stem = name.removesuffix('.log')
            if stem == name:
                continue
            log = os.path.join(folder, name)
            label = os.path.relpath(folder, root)
            if stem + '.json' in known:
                answers = read_json(os.path.join(folder, stem + '.json'))
                # Rules for a joiner that is configured, and parts of lines, are other questions.
                if 'events' in answers and 'config' not in answers:
                    sets.setdefault(label, ([], [], []))[0].append((log, answers))
            if stem + '.jsonl' in known:
                with open(os.path.join(folder, stem + '.jsonl'), encoding='utf-8') as file:
                    rows = [json.loads(line) for line in file if line.strip()]
                if rows and 'event_id' in rows[0]:
                    sets.setdefault(label, ([], [], []))[1].append((log, rows))
                elif rows and any(is_failure(row) is not None for row in rows):
                    sets.setdefault(label, ([], [], []))[2].append((log, rows))
    return sets


def scan(options, logs, every, packs=('core',)):
    """The program's events by log; `every` makes each record one. Without packs, the program chooses them."""
    if not logs:
        return {}
    command = [options.program, 'scan', '--events', '--format', 'json']
    if options.packs:
        command += ['--packs', options.packs]
    for pack in options.pack or packs:
        command += ['--pack', pack]
    if every:
        command.append('--all')
    done = subprocess.run(command + logs, stdout=subprocess.PIPE, check=False)
    # 1 is what grep says too: nothing was found.
    if done.returncode not in (0, 1):
        sys.exit(f'accuracy: {options.program} scan exits {done.returncode}')
    events = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        event = json.loads(line)
        events[os.path.abspath(event['file'])].append(event)
    return events


def lists_every_level(answers):
    """Whether the answers are records of any level, and none of them says which: then every record counts."""
    return answers.get('scope') == 'records' and not any('level' in event for event in answers['events'])


def trimmed(lines, first, last):
    """The lines from first to last without the blank ones at either end."""
    first, last = max(first, 1), min(last, len(lines))
    while first < last and not lines[first - 1].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return first, last


def same_class(expected, found):
    """Names are the same when their last parts are; how a language parts them does not matter."""
    def last(name):
        for sign in ('\\', '::', '/'):
            name = name.replace(sign, '.')
        return name.strip('. ').split('.')[-1].lower()
    return found is not None and last(expected) == last(found)


def same_language(expected, found):
    expected = expected.lower()
    return found is not None and (expected == found or expected in LANGUAGES.get(found, ()))


class Records:
    """How many records were cut where they should be, and understood."""

    def __init__(self):
        self.count = collections.Counter()
        self.wrong = []

    def add(self, log, answers, events):
        lines = read_lines(log)
        spans = [(trimmed(lines, event['first_line'], event['last_line']), event) for event in events]
        for expected in answers['events']:
            if 'lines' in expected or 'level' in expected and answers.get('scope') == 'records':
                continue
            if str(expected.get('extent', '')).startswith('not stated'):
                self.count['crashes'] += 1
                self.count['crashes found'] += bool(spans)
                continue
            firsts = {expected['first_line'], *(expected.get('accept_first') or [])}
            lasts = {expected['last_line'], *(expected.get('accept_last') or [])}
            firsts = {trimmed(lines, first, len(lines))[0] for first in firsts}
            lasts = {trimmed(lines, 1, last)[1] for last in lasts}
            over = [(s, e) for s, e in spans if s[0] <= max(lasts) and s[1] >= min(firsts)]
            exact = [e for s, e in over if s[0] in firsts and s[1] in lasts]
            self.count['records'] += 1
            self.count['exact'] += bool(exact)
            if not exact:
                self.wrong.append((log, min(firsts), max(lasts), [s for s, _ in over]))
            seen = exact or [e for _, e in over]
            if seen and expected.get('type'):
                self.count['classes'] += 1
                self.count['classes right'] += any(same_class(expected['type'], e['exception']) for e in seen)
            if seen and expected.get('language'):
                self.count['languages'] += 1
                self.count['languages right'] += any(same_language(expected['language'], e['language']) for e in seen)
        if answers.get('negative'):
            self.count['quiet logs'] += 1
            self.count['quiet logs with events'] += bool(events)


class Groups:
    """How far the groups of fingerprints are those of the kinds."""

    def __init__(self):
        self.lines = self.right_lines = self.over = 0
        self.kinds = self.groups = self.right_groups = 0
        self.first_lines = self.called_new = self.rightly_new = 0

    def add(self, rows, events):
        kinds = {row['n']: row['event_id'] for row in rows}
        group_of, called_new = {}, set()
        for event in events:
            for line in range(event['first_line'], event['last_line'] + 1):
                if line in kinds and line not in group_of:
                    group_of[line] = event['fingerprint']
            if event['new'] and event['first_line'] in kinds:
                called_new.add(event['first_line'])
        by_kind, by_group = collections.defaultdict(set), collections.defaultdict(set)
        for line in group_of:
            by_kind[kinds[line]].add(line)
            by_group[group_of[line]].add(line)
        for lines in by_group.values():
            share = collections.Counter(kinds[line] for line in lines)
            self.over += len(lines) - share.most_common(1)[0][1]
            if lines == by_kind[kinds[min(lines)]]:
                self.right_groups += 1
                self.right_lines += len(lines)
        self.lines += len(group_of)
        self.kinds += len(by_kind)
        self.groups += len(by_group)
        first_lines = {min(lines) for lines in by_kind.values()}
        called_new &= set(group_of)
        self.first_lines += len(first_lines)
        self.called_new += len(called_new)
        self.rightly_new += len(first_lines & called_new)

    def join(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class Failures:
    """Whether a line is a failure, and who was at the other end of it."""

    def __init__(self):
        self.count = collections.Counter()
        self.wrong = []

    def add(self, log, rows, events):
        found = collections.defaultdict(list)
        for event in events:
            for line in range(event['first_line'], event['last_line'] + 1):
                found[line].append(event)
        for row in rows:
            expected, seen = is_failure(row), found.get(row['n'], [])
            if expected is None:
                continue
            self.count['failures' if expected else 'quiet'] += 1
            self.count['found' if expected else 'false'] += bool(seen)
            if expected != bool(seen):
                self.wrong.append((log, row['n'], 'a failure' if expected else 'none'))
            for key in ('host', 'user'):
                if expected and seen and row.get(key):
                    wanted = row[key] if isinstance(row[key], list) else [row[key]]
                    values = {str(value).lower() for event in seen for value in event['fields'].values()}
                    self.count[key] += 1
                    self.count[key + ' right'] += any(str(each).lower() in values for each in wanted)


class Levels:
    """Whether the records of level warning or worse, and of level error or worse, are events of that severity."""

    def __init__(self):
        self.count = collections.Counter()
        self.wrong = []

    def add_records(self, log, answers, events):
        """The records of a log that state their level."""
        if answers.get('scope') == 'records':
            self._add(log, [(event['first_line'], event['last_line'], level_class(event['level']))
                            for event in answers['events'] if 'level' in event], events)

    def add_lines(self, log, rows, events):
        """The lines of a log of which each has a class."""
        self._add(log, [(row['n'], row['n'], row.get('severity')) for row in rows], events)

    def _add(self, log, records, events):
        found = collections.defaultdict(list)
        for event in events:
            for line in range(event['first_line'], event['last_line'] + 1):
                found[line].append(event['severity'])
        for first, last, expected in records:
            if expected not in LEVELS:
                continue
            seen = {severity for line in range(first, last + 1) for severity in found.get(line, [])}
            self.count['records'] += 1
            for name, wanted, got in (
                    ('warning', expected != 'other', bool(seen - {'clear'})),
                    ('error', expected == 'error', bool(seen - {'clear', 'warning'}))):
                self.count[name] += wanted
                self.count[name + ' called'] += got
                self.count[name + ' right'] += wanted and got
                if name == 'warning' and wanted != got:
                    self.wrong.append((log, first, expected))


def percent(part, whole):
    return f'{100 * part / whole:.1f} %' if whole else '-'


def ratio(part, whole):
    return f'{part / whole:.3f}' if whole else '-'


def print_table(title, head, rows):
    if not rows:
        return
    print(title)
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        cells = [row[0].ljust(widths[0])] + [row[i].rjust(widths[i]) for i in range(1, len(row))]
        print('  '.join(cells).rstrip())
    print()


def record_row(name, records):
    count = records.count
    return [name, str(count['records']), percent(count['exact'], count['records']),
            percent(count['classes right'], count['classes']), percent(count['languages right'], count['languages']),
            f"{count['crashes found']}/{count['crashes']}" if count['crashes'] else '-',
            f"{count['quiet logs with events']}/{count['quiet logs']}" if count['quiet logs'] else '-']


def group_row(name, groups):
    return [name, str(groups.lines), str(groups.kinds), str(groups.groups), ratio(groups.right_lines, groups.lines),
            ratio(2 * groups.right_groups, groups.groups + groups.kinds), ratio(groups.rightly_new, groups.called_new),
            ratio(groups.rightly_new, groups.first_lines), percent(groups.over, groups.lines)]


def failure_row(name, failures):
    count = failures.count
    return [name, str(count['failures']), ratio(count['found'], count['failures']), str(count['quiet']),
            ratio(count['false'], count['quiet']), ratio(count['found'], count['found'] + count['false']),
            ratio(count['host right'], count['host']), ratio(count['user right'], count['user'])]


def level_row(name, levels):
    count = levels.count
    return [name, str(count['records'])] + [cell for kind in ('warning', 'error') for cell in (
        str(count[kind]), ratio(count[kind + ' right'], count[kind + ' called']),
        ratio(count[kind + ' right'], count[kind]))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('directory', metavar='DIR')
    parser.add_argument('--program', default=os.environ.get('MARGAY', '.build-release/release/margay'))
    parser.add_argument('--packs', help='directory of packs; without, those that the program finds')
    parser.add_argument('--pack', action='append', help='pack to ask; without, core')
    parser.add_argument('--list', type=int, default=0, metavar='N', help='show the first N records that are not exact')
    parser.add_argument('--require', type=float, default=0, metavar='PERCENT', help='records that must be exact')
    options = parser.parse_args()
    if not os.path.isdir(options.directory):
        sys.exit(f'accuracy: {options.directory}: no such directory; name one that holds logs with their answers')
    sets = find_sets(os.path.abspath(options.directory))
    if not sets:
        sys.exit(f'accuracy: {options.directory}: no log with answers beside it (X.log with X.json or X.jsonl)')

    traces = [(log, answers) for logs, _, _ in sets.values() for log, answers in logs]
    events = scan(options, [log for log, answers in traces if not lists_every_level(answers)], every=False)
    events.update(scan(options, [log for log, answers in traces if lists_every_level(answers)], every=True))
    every = scan(options, [log for _, kinds, _ in sets.values() for log, _ in kinds], every=True)
    levelled = {log for log, answers in traces if answers.get('scope') == 'records' and not lists_every_level(answers)}
    levelled.update(log for _, kinds, _ in sets.values() for log, _ in kinds)
    chosen = scan(options, sorted(levelled.union(log for *_, lines in sets.values() for log, _ in lines)), every=False,
                  packs=())
    all_records, all_groups, all_errors, all_failures, all_levels = Records(), Groups(), Groups(), Failures(), Levels()
    record_rows, group_rows, error_rows, failure_rows, level_rows = [], [], [], [], []
    for name, (traces, kinds, lines) in sorted(sets.items()):
        records, groups, errors = Records(), Groups(), Groups()
        for log, answers in traces:
            for each in (records, all_records):
                each.add(log, answers, events.get(log, []))
        for log, rows in kinds:
            groups.add(rows, every.get(log, []))
            errors.add([row for row in rows if row.get('severity') in ('error', 'warning')], every.get(log, []))
        if records.count:
            record_rows.append(record_row(name, records))
        if kinds:
            group_rows.append(group_row(name, groups))
            if errors.lines:
                error_rows.append(group_row(name, errors))
            all_groups.join(groups)
            all_errors.join(errors)
        levels = Levels()
        for log, answers in traces:
            for each in (levels, all_levels):
                each.add_records(log, answers, chosen.get(log, []))
        for log, rows in kinds:
            for each in (levels, all_levels):
                each.add_lines(log, rows, chosen.get(log, []))
        if levels.count:
            level_rows.append(level_row(name, levels))
        failures = Failures()
        for log, rows in lines:
            for each in (failures, all_failures):
                each.add(log, rows, chosen.get(log, []))
        if lines:
            failure_rows.append(failure_row(name, failures))

    if record_rows:
        record_rows.append(record_row('total', all_records))
    if group_rows:
        group_rows.append(group_row('total', all_groups))
    if error_rows:
        error_rows.append(group_row('total', all_errors))
    if level_rows:
        level_rows.append(level_row('total', all_levels))
    if failure_rows:
        failure_rows.append(failure_row('total', all_failures))
    print_table('Records', ['set', 'records', 'exact', 'class', 'language', 'crashes found', 'false alarms'], record_rows)
    head = ['set', 'lines', 'kinds', 'groups', 'GA', 'FGA', 'new right', 'new found', 'over-grouped']
    print_table('Groups, all lines', head, group_rows)
    print_table('Groups, lines of level warning or worse', head, error_rows)
    head = ['set', 'records', 'warnings', 'precision', 'recall', 'errors', 'precision', 'recall']
    print_table('Levels: warning or worse, error or worse', head, level_rows)
    head = ['set', 'failures', 'recall', 'others', 'false', 'precision', 'address', 'user']
    print_table('Failures, line by line', head, failure_rows)
    for log, line, expected in all_failures.wrong[:options.list]:
        print(f'{log}:{line}: this is {expected}')
    for log, line, expected in all_levels.wrong[:options.list]:
        print(f'{log}:{line}: the level of this is {expected}')
    for log, first, last, found in all_records.wrong[:options.list]:
        got = ', '.join(f'{a}-{b}' for a, b in found) or 'nothing'
        print(f'{log}:{first}: lines {first}-{last} are one record; found {got}')
    count = all_records.count
    if count['records'] and 100 * count['exact'] < options.require * count['records']:
        sys.exit(f"accuracy: {percent(count['exact'], count['records'])} of the records are exact; "
                 f'{options.require:g} % are required')


if __name__ == '__main__':
    main()
