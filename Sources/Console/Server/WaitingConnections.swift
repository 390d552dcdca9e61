import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Who waits, in the order in which the waiting began, and who has to go when there are too many. Pure.
struct WaitingLine<Member: Hashable> {
    /// Members that may wait at a time.
    let limit: Int
    private var turns: [Member: Int] = [:]
    /// Turns in the order in which they were given; those of members that left are passed over.
    private var order: ArraySlice<(member: Member, turn: Int)> = []
    private var lastTurn = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { turns.count }

    /// Puts `member` at the end of the line. Returns the one that has waited longest, where that one has to go.
    mutating func join(_ member: Member) -> Member? {
        lastTurn += 1
        turns[member] = lastTurn
        order.append((member, lastTurn))
        if order.count > 4 * limit { order = order.filter { turns[$0.member] == $0.turn }[...] }
        guard turns.count > limit else { return nil }
        while let first = order.popFirst() {
            guard turns[first.member] == first.turn else { continue }
            turns[first.member] = nil
            return first.member
        }
        return nil
    }

    /// Takes `member` out of the line.
    mutating func leave(_ member: Member) { turns[member] = nil }
}

/// Connections on which nothing is asked: new ones, kept-alive ones, those that send a request a byte at a time. Where
/// there are too many, the one that has waited longest is closed, so that a flood of them shuts nobody out.
final class WaitingConnections: Sendable {
    private struct State {
        var line: WaitingLine<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
        var closed = 0
    }

    private let state: Mutex<State>

    init(limit: Int = ConsoleLimits.waitingConnectionsMax) {
        state = Mutex(State(line: WaitingLine(limit: limit)))
    }

    /// Connections that were closed to make room.
    var closed: Int { state.withLock { $0.closed } }

    fileprivate func join(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let leaving: (any Channel)? = state.withLock { state in
            state.channels[id] = channel
            guard let first = state.line.join(id) else { return nil }
            state.closed += 1
            return state.channels.removeValue(forKey: first)
        }
        leaving?.close(promise: nil)
    }

    fileprivate func leave(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.line.leave(id)
            state.channels[id] = nil
        }
    }

    /// Watches one connection; goes into its pipeline behind the decoder of HTTP.
    final class Watch: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPRequestPart
        typealias InboundOut = HTTPRequestPart
        typealias OutboundIn = HTTPResponsePart
        typealias OutboundOut = HTTPResponsePart

        private let connections: WaitingConnections

        init(_ connections: WaitingConnections) { self.connections = connections }

        func handlerAdded(context: ChannelHandlerContext) { connections.join(context.channel) }

        func channelInactive(context: ChannelHandlerContext) {
            connections.leave(context.channel)
            context.fireChannelInactive()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if case .head = unwrapInboundIn(data) { connections.leave(context.channel) }
            context.fireChannelRead(data)
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let isLast = if case .end = unwrapOutboundIn(data) { true } else { false }
            context.write(data, promise: promise)
            if isLast, context.channel.isActive { connections.join(context.channel) }
        }
    }
}
