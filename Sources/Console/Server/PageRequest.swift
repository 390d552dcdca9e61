import Events

/// A request as a page sees it.
struct PageRequest: Sendable {
    /// Begins with a slash; without the query.
    var path: String
    var query: FormFields
    /// Of a POST; empty for a GET.
    var form: FormFields
    /// The body of an API call as it came.
    var body: [UInt8]
    /// The part of the path that names an issue, pack or the like.
    var name: String
    /// The type of the body, without parameters, in small letters.
    var contentType = ""
    /// What `Idempotency-Key` holds.
    var idempotencyKey: String?
    /// What `If-Match` holds, as it came.
    var ifMatch: String?
    /// What stands before the path where whoever asks writes the address: `http://localhost:7077`.
    var origin = ""
    var visitor: Visitor
    var now: Timestamp
}

/// Who asks, as far as it is known.
struct Visitor: Sendable, Equatable {
    /// The value of the cookie that forms are bound to.
    var session: String
    /// The cookie did not come with the request and has to be set.
    var isNew: Bool
    var preferences: Preferences
    /// Found out before any page is made.
    var person = Person.nobody
    var credentials = Credentials.none
    /// Whether cookies are for TLS only.
    var isSecure = false
}

/// What a visitor has chosen for this browser. Kept in a cookie, so that nothing has to be stored for strangers.
struct Preferences: Sendable, Equatable {
    enum Theme: String, Sendable, CaseIterable {
        case system, light, dark
    }

    var theme = Theme.system
    /// Whether single keys do things (WCAG 2.1.4).
    var hasKeys = true
    /// The name for the history; nil for the console's own.
    var name: String?
    /// Of the list of issues.
    var columns = ListColumn.standard

    static let nameBytesMax = 64

    init(theme: Theme = .system, hasKeys: Bool = true, name: String? = nil) {
        self.theme = theme
        self.hasKeys = hasKeys
        self.name = name
    }

    /// Reads the value of the cookie; what is not understood is as if it were not there.
    init(cookie: String) {
        guard let fields = FormFields(cookie.utf8) else { return }
        theme = fields["theme"].flatMap { Theme(rawValue: $0) } ?? .system
        hasKeys = fields["keys"] != "off"
        name = fields.text("name").flatMap { Preferences.isName($0) ? $0 : nil }
        columns = fields["columns"].flatMap { ListColumn.parse($0) } ?? ListColumn.standard
    }

    var cookie: String {
        "theme=\(theme.rawValue)&keys=\(hasKeys ? "on" : "off")"
            + (name.map { "&name=\(FormFields.encoded($0))" } ?? "")
            + (columns == ListColumn.standard ? "" : "&columns=\(ListColumn.text(columns))")
    }

    /// A name for people: short, no control characters, and not the one that Margay itself signs with.
    static func isName(_ name: String) -> Bool {
        (1...nameBytesMax).contains(name.utf8.count) && name.safe == name && name.lowercased() != "margay"
    }
}
