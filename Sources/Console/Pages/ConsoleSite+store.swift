import Events
import Store

extension ConsoleSite {
    /// `GET /settings/configuration`: each value with where it comes from.
    func configurationPage(_ request: PageRequest) throws -> Answer {
        let facts = host.configuration()
        return try page(
            "configuration", title: "Configuration", section: "settings", request,
            [
                "facts": facts.map { fact in
                    [
                        "key": fact.key, "value": fact.value, "origin": fact.origin,
                        "isDefault": fact.origin == "default",
                    ] as [String: Any]
                },
                "hasFacts": !facts.isEmpty,
            ])
    }

    /// `GET /settings/store`.
    func storePage(_ request: PageRequest) throws -> Answer {
        let size = try archive.size()
        let backup = try archive.lastBackup()
        return try page(
            "store", title: "Store", section: "settings", request,
            [
                "path": archive.path, "schema": Archive.schemaVersion, "database": size.databaseBytes.asBytes,
                "free": size.freeBytes.asBytes, "isWatched": archive.isBeingWritten,
                "retention": host.configuration().first { $0.key == "retention" }?.value ?? "as 'margay watch' is told",
                "hasBackup": backup != nil, "backup": PageValues.time(backup ?? request.now, now: request.now),
                "rows": size.rows.map { ["table": $0.table, "count": ConsoleSite.grouped($0.rows)] },
            ])
    }
}
