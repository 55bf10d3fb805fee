import Foundation
import UnixSignals

/// The signals that stop a run in order.
enum StopSignals {
    /// Takes SIGINT and SIGTERM, and SIGHUP unless who started the process wants it to outlive its terminal (`nohup`).
    ///
    /// That nobody reads any more what is shown stops no run: what cannot be shown is not.
    static func trap() async -> UnixSignalsSequence {
        signal(SIGPIPE, SIG_IGN)
        return await UnixSignalsSequence(
            trapping: isIgnored(SIGHUP) ? [.sigint, .sigterm] : [.sigint, .sigterm, .sighup])
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        return sigaction(number, nil, &action) == 0
            && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
                == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
