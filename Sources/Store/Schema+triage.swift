extension Schema {
    /// What people decide, how often an issue is seen, what is learned, and how issues are found.
    ///
    /// `pack_severity` and `pack_title` are what the pack says while a person says otherwise, and null else. `watch` is a
    /// `SpikeWatch`, `ignore_until` an `IgnoreCondition`, `before` and `after` of `audit_issue` each an `IssueStanding`.
    /// `created` and `received` are by the clock of the store, the other times those of the log.
    /// `issue_hour.learned` is what an hour counts as in the past: null where that is its count.
    /// The index on counts is the dear one, since every batch moves its entries; sorting a million issues without it
    /// takes a second. That on severities holds still, so equal severities follow by age and not by latest event.
    static let triage = """
        ALTER TABLE issue ADD COLUMN state_by TEXT;
        ALTER TABLE issue ADD COLUMN novelty_judged TEXT;
        ALTER TABLE issue ADD COLUMN ignore_until TEXT;
        ALTER TABLE issue ADD COLUMN is_automatic INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE issue ADD COLUMN reference TEXT;
        ALTER TABLE issue ADD COLUMN pack_severity INTEGER;
        ALTER TABLE issue ADD COLUMN pack_title TEXT;
        ALTER TABLE issue ADD COLUMN merged_into INTEGER;
        ALTER TABLE issue ADD COLUMN is_forgotten INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE issue ADD COLUMN is_learned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE issue ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE issue ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE issue ADD COLUMN watch TEXT;
        UPDATE issue SET created = min(first_seen, state_time), received = max(last_seen, state_time);
        CREATE INDEX issue_by_first_seen ON issue (state, first_seen);
        CREATE INDEX issue_by_count ON issue (state, count);
        CREATE INDEX issue_by_severity ON issue (state, severity);
        CREATE INDEX issue_by_pack ON issue (pack);
        CREATE INDEX issue_by_novelty ON issue (novelty) WHERE novelty <> 'known';
        CREATE INDEX issue_by_owner ON issue (owner) WHERE owner IS NOT NULL;
        CREATE INDEX issue_by_part ON issue (merged_into) WHERE merged_into IS NOT NULL;

        ALTER TABLE issue_hour ADD COLUMN learned INTEGER;
        CREATE TABLE issue_day (
            issue INTEGER NOT NULL,
            day INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (issue, day)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX issue_node_by_node ON issue_node (node, issue);
        ALTER TABLE stream ADD COLUMN source TEXT;
        CREATE INDEX issue_stream_by_stream ON issue_stream (stream, issue);

        CREATE VIRTUAL TABLE issue_text USING fts5 (
            title, excerpt, notes, tokenize = 'trigram', detail = none, columnsize = 0
        );
        INSERT INTO issue_text (rowid, title, excerpt, notes)
            SELECT number, title,
                substr(coalesce((SELECT text FROM sample
                    WHERE sample.number BETWEEN issue.number * 8 AND issue.number * 8 + 7
                    ORDER BY time LIMIT 1), ''), 1, 160), ''
            FROM issue;

        CREATE TABLE note (
            number INTEGER PRIMARY KEY,
            issue INTEGER NOT NULL,
            audit INTEGER NOT NULL,
            time INTEGER NOT NULL,
            who TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX note_by_issue ON note (issue);

        ALTER TABLE audit ADD COLUMN detail TEXT;
        CREATE TABLE audit_issue (
            issue INTEGER NOT NULL,
            audit INTEGER NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            is_undone INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (issue, audit)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_issue_by_audit ON audit_issue (audit);

        CREATE TABLE source (
            node INTEGER NOT NULL,
            name TEXT NOT NULL,
            learning TEXT NOT NULL,
            grouping TEXT NOT NULL,
            held INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (node, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE baseline (
            fingerprint BLOB NOT NULL,
            fingerprint_version INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (fingerprint, fingerprint_version)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            issue INTEGER NOT NULL,
            source TEXT NOT NULL,
            novelty TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        CREATE INDEX outbox_by_time ON outbox (time);

        CREATE TABLE view (
            name TEXT PRIMARY KEY,
            query TEXT NOT NULL,
            who TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// The news are few beside what is known, and are asked for most: their index holds all that lists are sorted by.
    static let lists = """
        DROP INDEX issue_by_novelty;
        CREATE INDEX issue_by_news ON issue (
            novelty, state, last_seen, first_seen, count, severity, merged_into
        ) WHERE novelty <> 'known';
        CREATE INDEX issue_by_reference ON issue (reference) WHERE reference IS NOT NULL;
        """

    /// Skeletons of errors that no pattern claims, at most `SiblingIndex.skeletonsMax` of one shape. `issue` is what the
    /// events of the fingerprint are counted on: its own issue, or a family. `is_apart` is 1 where somebody split it off.
    static let siblings = """
        ALTER TABLE issue ADD COLUMN is_family INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE sibling (
            fingerprint BLOB NOT NULL,
            fingerprint_version INTEGER NOT NULL,
            issue INTEGER NOT NULL,
            shape INTEGER NOT NULL,
            is_apart INTEGER NOT NULL DEFAULT 0,
            skeleton TEXT NOT NULL,
            PRIMARY KEY (fingerprint, fingerprint_version)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sibling_by_shape ON sibling (shape);
        """
}
