/// Which part of the world an event speaks of: the seven types of ITIL event management.
package enum EventType: String, CaseIterable, Sendable, Codable {
    case business
    case operatingSystem = "operating-system"
    case operational
    case security
    case application
    case hardware
    case network
}
