extension Schema {
    /// Messages that were lost on the way, and requests that reported events, by the keys of their senders.
    static let intake = """
        ALTER TABLE file ADD COLUMN messages_lost INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE reported_request (
            key TEXT PRIMARY KEY,
            digest INTEGER NOT NULL,
            events INTEGER NOT NULL,
            time INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reported_request_by_time ON reported_request (time);
        """
}
