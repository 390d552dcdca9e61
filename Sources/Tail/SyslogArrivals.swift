/// Where syslog is listened to: a numeric address and a port; port 0 takes a free one.
package struct SocketPlace: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension SyslogSockets {
    /// What bounds it.
    package struct Limits: Sendable, Equatable {
        /// Bytes of a message; what is beyond is cut and counted as lost.
        package var messageBytesMax = 8 * 1_024
        /// Connections at a time; further ones are refused.
        package var connectionsMax = 256
        /// How long a connection may be silent.
        package var idleSeconds: Int64 = 3_600
        /// Room in the kernel for datagrams that nobody has read yet.
        package var roomBytes = 4 * 1_024 * 1_024

        package init() {}
    }

    /// A message and where it came from.
    package struct Message: Sendable, Equatable {
        package var bytes: [UInt8]
        /// Beyond the limit.
        package var bytesCut: Int
        /// The sender's numeric address.
        package var sender: String
        /// The connection it came by, counted from 1; nil for a datagram.
        package var connection: Int?

        package init(bytes: [UInt8], bytesCut: Int, sender: String, connection: Int?) {
            self.bytes = bytes
            self.bytesCut = bytesCut
            self.sender = sender
            self.connection = connection
        }
    }

    /// What came since the last call.
    package struct Arrivals: Sendable {
        package var messages: [Message] = []
        /// Datagrams that the kernel dropped for want of room.
        package var dropped: Int64 = 0
        /// Connections that were refused because there were too many,
        package var refused = 0
        /// and those that were ended because their lengths were none.
        package var broken = 0
        /// Open ones.
        package var connections = 0

        mutating func add(_ later: Arrivals) {
            messages += later.messages
            dropped += later.dropped
            refused += later.refused
            broken += later.broken
            connections = later.connections
        }
    }

    /// Which address cannot be listened on, and why.
    package struct Fault: Error, Sendable {
        package let place: SocketPlace
        package let isDatagrams: Bool
        package let error: SystemError
    }
}
