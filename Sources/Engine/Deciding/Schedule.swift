public import Pipelines

/// Which steps' needs have ended, which run, and who waits for whom.
///
/// A value without thread, clock or file; each event costs the edges of its step, not the size of the plan.
public struct Schedule: Sendable {
    /// Something of which only so many steps may run at once.
    enum Resource: Hashable, Sendable {
        case environment(String)
        case pool(String)
    }

    /// The edges of a plan, from needs to what needs them; they never change.
    private let dependents: [Int32]
    private let firstDependent: [Int32]
    /// How many needs of each step have not ended.
    private var missing: [Int32]
    private var isSettled: [Bool]
    private var isReserved: [Bool]
    private var isExamined: [Bool]
    private var isFinally: [Bool]
    private var mainLeft = 0
    private var finallyLeft = 0
    /// Needs ended, not looked at.
    private var arrived = IndexHeap()
    /// Looked at; may start when there is room.
    private var runnable = IndexHeap()
    /// The same, of those that have waited for a lock: they ask for it again, also beyond the width. An environment has one
    /// step at a time, and others wait for the run whose turn it is.
    private var asking = IndexHeap()
    private var isAsking: Set<Int> = []
    private var parked: [Resource: [Int]] = [:]
    private var taken: [Resource: Int] = [:]
    /// Steps that wait or are to be tried again.
    private(set) var waiting: Set<Int> = []
    /// How many steps have a place.
    public private(set) var running = 0
    /// The steps that were not begun have been told of the cancellation.
    var isSwept = false

    /// The schedule of a plan of which these steps have ended.
    public init(_ plan: Plan, settled: Set<StepID> = []) {
        self.init(plan, needs: \.needs, isSettled: { settled.contains($1.id) })
    }

    /// The schedule that goes on from a state.
    init(_ state: RunState) {
        self.init(state.plan, needs: state.needs, isSettled: { number, _ in state.steps[number].status.isSettled })
        for number in state.steps.indices {
            switch state.steps[number].status {
            case .waiting, .retrying, .uncertain: wait(number)
            case .running:
                isExamined[number] = true
                reserve(number, state.plan.steps[number])
            default: break
            }
        }
    }

    private init(_ plan: Plan, needs: (Step) -> [Need], isSettled settled: (Int, Step) -> Bool) {
        let count = plan.steps.count
        var index: [StepID: Int32] = [:]
        index.reserveCapacity(count)
        for (number, step) in plan.steps.enumerated() { index[step.id] = Int32(number) }
        var first = [Int32](repeating: 0, count: count + 1)
        var edges: [(need: Int32, dependent: Int32)] = []
        missing = [Int32](repeating: 0, count: count)
        isSettled = plan.steps.enumerated().map { settled($0, $1) }
        isReserved = [Bool](repeating: false, count: count)
        isExamined = isReserved
        isFinally = plan.steps.map(\.isFinally)
        for (number, step) in plan.steps.enumerated() {
            for need in needs(step) {
                guard let needed = index[need.step] else { continue }
                edges.append((needed, Int32(number)))
                first[Int(needed) + 1] += 1
                if !isSettled[Int(needed)] { missing[number] += 1 }
            }
            if !isSettled[number] {
                if step.isFinally { finallyLeft += 1 } else { mainLeft += 1 }
            }
        }
        for number in 0..<count { first[number + 1] += first[number] }
        var next = first
        var targets = [Int32](repeating: 0, count: edges.count)
        for edge in edges {
            targets[Int(next[Int(edge.need)])] = edge.dependent
            next[Int(edge.need)] += 1
        }
        dependents = targets
        firstDependent = first
        for number in 0..<count where missing[number] == 0 && !isSettled[number] && !isFinally[number] {
            arrived.insert(number)
        }
        if mainLeft == 0 { releaseFinally() }
    }

    /// Whether every step has ended.
    public var isDone: Bool { mainLeft == 0 && finallyLeft == 0 }

    /// Whether only `finally` steps are left.
    var isMainDone: Bool { mainLeft == 0 }

    /// The next step whose needs have ended and that nobody has looked at.
    mutating func nextArrived() -> Int? {
        while let number = arrived.removeFirst() {
            guard !isSettled[number], !isExamined[number] else { continue }
            isExamined[number] = true
            return number
        }
        return nil
    }

    /// The step may start as soon as there is room.
    mutating func enqueue(_ number: Int) {
        waiting.remove(number)
        isExamined[number] = true
        runnable.insert(number)
    }

    /// Is to be looked at again.
    mutating func reexamine(_ number: Int) {
        waiting.remove(number)
        isExamined[number] = false
        arrived.insert(number)
    }

    mutating func wait(_ number: Int) {
        isExamined[number] = true
        waiting.insert(number)
    }

    /// The next step for which there is room; it has its place from then on.
    mutating func nextRunnable(_ plan: Plan, width: Int) -> Int? {
        while let number = asking.removeFirst() ?? (running < width ? runnable.removeFirst() : nil) {
            guard !isSettled[number], !isReserved[number] else { continue }
            let step = plan.steps[number]
            if let full = Self.resources(of: step).first(where: { taken[$0.resource, default: 0] >= $0.width }) {
                parked[full.resource, default: []].append(number)
                continue
            }
            isAsking.remove(number)
            reserve(number, step)
            return number
        }
        return nil
    }

    /// The step goes back to waiting without an event: what it waits for is still taken.
    mutating func postpone(_ number: Int, _ plan: Plan) {
        free(number, plan.steps[number])
        wait(number)
    }

    /// Steps that wait for a lock ask for it again.
    mutating func retryLocks(_ state: RunState) {
        for number in waiting.sorted() {
            guard case .lock = state.steps[number].suspension?.cause else { continue }
            waiting.remove(number)
            isAsking.insert(number)
            asking.insert(number)
        }
    }

    /// Puts the schedule after an event that the state has taken in already.
    mutating func follow(_ event: RunEvent, in state: RunState) {
        guard let step = event.step, let number = state.index[step] else { return }
        switch state.steps[number].status {
        case .running: break
        case .waiting, .retrying, .uncertain:
            switch event.kind {
            case .suspended, .lockWaited, .retryScheduled:
                free(number, state.plan.steps[number])
                wait(number)
            default: break
            }
        case .pending:
            guard !isReserved[number] || event.kind.givesBack else { return }
            free(number, state.plan.steps[number])
            if waiting.contains(number) || event.kind.givesBack { reexamine(number) }
        case .succeeded, .reused, .skipped, .blocked, .failed, .rejected, .cancelled:
            free(number, state.plan.steps[number])
            settle(number)
        }
    }

    mutating func settle(_ number: Int) {
        guard !isSettled[number] else { return }
        isSettled[number] = true
        waiting.remove(number)
        for edge in firstDependent[number]..<firstDependent[number + 1] {
            let dependent = Int(dependents[Int(edge)])
            missing[dependent] -= 1
            if missing[dependent] == 0, !isSettled[dependent], !isFinally[dependent] || mainLeft == 0 {
                arrived.insert(dependent)
            }
        }
        if isFinally[number] {
            finallyLeft -= 1
        } else {
            mainLeft -= 1
            if mainLeft == 0 { releaseFinally() }
        }
    }

    private mutating func releaseFinally() {
        for number in missing.indices where isFinally[number] && missing[number] == 0 && !isSettled[number] {
            arrived.insert(number)
        }
    }

    private mutating func reserve(_ number: Int, _ step: Step) {
        guard !isReserved[number] else { return }
        isReserved[number] = true
        running += 1
        for (resource, _) in Self.resources(of: step) { taken[resource, default: 0] += 1 }
    }

    private mutating func free(_ number: Int, _ step: Step) {
        guard isReserved[number] else { return }
        isReserved[number] = false
        running -= 1
        for (resource, _) in Self.resources(of: step) {
            taken[resource, default: 1] -= 1
            for number in parked.removeValue(forKey: resource) ?? [] {
                if isAsking.contains(number) { asking.insert(number) } else { runnable.insert(number) }
            }
        }
    }

    private static func resources(of step: Step) -> [(resource: Resource, width: Int)] {
        guard step.pool != nil || step.locksEnvironment else { return [] }
        var result: [(Resource, Int)] = []
        if step.locksEnvironment, let environment = step.environment { result.append((.environment(environment), 1)) }
        if let pool = step.pool { result.append((.pool(pool.name), max(1, pool.width))) }
        return result
    }

    /// Steps that have not ended, in the order of the plan.
    var unsettled: [Int] { isSettled.indices.filter { !isSettled[$0] } }

    func isRunning(_ number: Int) -> Bool { isReserved[number] }
}

extension RunEvent.Kind {
    /// Whether a step that is pending after it is to be looked at again.
    fileprivate var givesBack: Bool {
        switch self {
        case .ended(_, _, .lost), .assumed: true
        default: false
        }
    }
}
