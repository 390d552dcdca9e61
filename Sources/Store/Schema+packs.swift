extension Schema {
    /// What patterns have caught and what they cost, and how fast files grow.
    ///
    /// The tables of `pattern_` and `source_day` are sums over issues, kept so that no page has to go through the issues:
    /// a few rows a pattern, whatever the issues are. `pattern_hour` and `pattern_day` are by the time of the log,
    /// `source_day` by the time of counting. `rate_` is the span that is being measured, `past_` the one before it.
    static let packs = """
        CREATE INDEX issue_by_pattern ON issue (pack, pattern, merged_into);

        CREATE TABLE pattern_tally (
            pack TEXT NOT NULL,
            pattern TEXT NOT NULL,
            count INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            PRIMARY KEY (pack, pattern)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pattern_hour (
            hour INTEGER NOT NULL,
            pack TEXT NOT NULL,
            pattern TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (hour, pack, pattern)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pattern_day (
            day INTEGER NOT NULL,
            pack TEXT NOT NULL,
            pattern TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (day, pack, pattern)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE source_day (
            day INTEGER NOT NULL,
            node INTEGER NOT NULL,
            source TEXT NOT NULL,
            pack TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (day, node, source, pack)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pattern_cost (
            node INTEGER NOT NULL,
            pattern TEXT NOT NULL,
            asked INTEGER NOT NULL,
            timed INTEGER NOT NULL,
            nanoseconds INTEGER NOT NULL,
            given_up INTEGER NOT NULL,
            given_up_last INTEGER,
            PRIMARY KEY (node, pattern)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE file ADD COLUMN rate_begun INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN rate_lines INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN rate_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN past_begun INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN past_lines INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN past_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN last_event INTEGER;
        """ + patternTallies

    /// Makes the sums over patterns anew, as far as the issues tell. Of hours and days, those that `PatternTally` keeps,
    /// by the clock of the latest batch.
    static let patternTallies = """

        DELETE FROM pattern_tally;
        INSERT INTO pattern_tally (pack, pattern, count, last_seen)
            SELECT pack, pattern, sum(iif(merged_into IS NULL, count, 0)), max(last_seen) FROM issue
            GROUP BY pack, pattern;

        DELETE FROM pattern_hour;
        INSERT INTO pattern_hour (hour, pack, pattern, count)
            SELECT hour, pack, pattern, sum(issue_hour.count)
            FROM issue JOIN issue_hour ON issue_hour.issue = issue.number
            WHERE merged_into IS NULL
                AND hour >= (SELECT coalesce(max(batch_time), 0) / 3600000000 FROM node) - \(PatternTally.hoursMax)
            GROUP BY hour, pack, pattern;

        DELETE FROM pattern_day;
        INSERT INTO pattern_day (day, pack, pattern, count)
            SELECT day, pack, pattern, sum(past.count)
            FROM issue JOIN (
                SELECT issue, hour / 24 AS day, count FROM issue_hour
                UNION ALL SELECT issue, day, count FROM issue_day
            ) AS past ON past.issue = issue.number
            WHERE merged_into IS NULL
                AND day >= (SELECT coalesce(max(batch_time), 0) / 86400000000 FROM node) - \(PatternTally.daysMax)
            GROUP BY day, pack, pattern;
        """
}
