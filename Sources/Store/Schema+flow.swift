extension Schema {
    /// How much came when, whatever became of the issues since: what a picture of the whole store is made of without
    /// looking at its issues. `issues` are those seen for the first time in that hour that were news. The index on packs
    /// holds all that counting them needs.
    static let flow = """
        CREATE TABLE event_hour (
            hour INTEGER NOT NULL,
            pack TEXT NOT NULL,
            severity INTEGER NOT NULL,
            count INTEGER NOT NULL,
            issues INTEGER NOT NULL,
            PRIMARY KEY (hour, pack, severity)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO event_hour (hour, pack, severity, count, issues)
            SELECT hour, pack, severity, sum(issue_hour.count),
                sum(first_seen / 3600000000 = hour AND is_learned = 0)
            FROM issue_hour JOIN issue ON issue.number = issue_hour.issue
            WHERE merged_into IS NULL AND hour > (SELECT max(batch_time) / 3600000000 FROM node) - \(EventHours.hoursMax)
            GROUP BY hour, pack, severity;

        DROP INDEX issue_by_pack;
        CREATE INDEX issue_by_pack ON issue (pack, state, severity, merged_into);
        CREATE INDEX outbox_by_issue ON outbox (issue);
        """
}
