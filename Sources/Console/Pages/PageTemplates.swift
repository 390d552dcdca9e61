import Mustache

/// The templates, compiled into the program.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// Every template escapes as `PageEscape` does, whatever it says itself.
    static let standard: PageTemplates = {
        MustacheContentTypes.register(PageEscape(), named: PageEscape.name)
        var templates: [String: MustacheTemplate] = [:]
        for (name, text) in sources {
            do {
                templates[name] = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(PageEscape.name)}}" + text)
            } catch {
                preconditionFailure("the template \(name) is malformed: \(error)")
            }
        }
        return PageTemplates(library: MustacheLibrary(templates: templates))
    }()

    /// The page that a template makes of values: strings, numbers, booleans, arrays and dictionaries of these.
    func render(_ name: String, _ values: [String: Any]) -> String {
        guard let page = library.render(values, withTemplate: name) else {
            preconditionFailure("there is no template \(name)")
        }
        return page
    }

    private static let sources: [String: String] = [
        "layout": text(PackageResources.layout_mustache),
        "issues": text(PackageResources.issues_mustache),
        "issue": text(PackageResources.issue_mustache),
        "inbox": text(PackageResources.inbox_mustache),
        "dashboard": text(PackageResources.dashboard_mustache),
        "sources": text(PackageResources.sources_mustache),
        "packs": text(PackageResources.packs_mustache),
        "pack": text(PackageResources.pack_mustache),
        "suggestions": text(PackageResources.suggestions_mustache),
        "reports": text(PackageResources.reports_mustache),
        "audit": text(PackageResources.audit_mustache),
        "settings": text(PackageResources.settings_mustache),
        "signin": text(PackageResources.signin_mustache),
        "setup": text(PackageResources.setup_mustache),
        "users": text(PackageResources.users_mustache),
        "tokens": text(PackageResources.tokens_mustache),
        "configuration": text(PackageResources.configuration_mustache),
        "store": text(PackageResources.store_mustache),
        "settings-pages": text(PackageResources.settings_pages_mustache),
        "help": text(PackageResources.help_mustache),
        "fault": text(PackageResources.fault_mustache),
        "confirm": text(PackageResources.confirm_mustache),
        "changed": text(PackageResources.changed_mustache),
        "sample": text(PackageResources.sample_mustache),
        "record": text(PackageResources.record_mustache),
        "draft": text(PackageResources.draft_mustache),
        "often": text(PackageResources.often_mustache),
        "severity": text(PackageResources.severity_mustache),
        "moves": text(PackageResources.moves_mustache),
        "api": text(PackageResources.api_mustache),
        "operation": text(PackageResources.operation_mustache),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
