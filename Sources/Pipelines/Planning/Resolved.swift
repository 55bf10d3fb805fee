import Documents

/// A value of a manifest with everything put in that is known when the plan is made.
struct Resolved {
    /// An output that a value refers to.
    struct Use {
        var step: StepID
        var output: String
        var location: Location
    }

    var argument: Argument
    var type: ValueType
    /// False for an input that gets its value only when a run starts, while files are checked.
    var isKnown = true
    var uses: [Use] = []

    static func unknown(_ type: ValueType) -> Resolved {
        Resolved(argument: .literal(.null), type: type, isKnown: false)
    }

    /// The value when it is known already.
    var literal: Value? { isKnown ? argument.literal : nil }

    /// Known, and nothing: an optional input that was not given.
    var isAbsent: Bool { isKnown && argument == .literal(.null) }
}

/// Where an expression stands, and thereby what it may refer to.
struct Scope {
    /// The item of a `forEach`.
    struct Item {
        var name: String
        var value: Resolved
    }

    var frame: Frame
    var item: Item?
    /// The environment of the stage.
    var environment: EnvironmentFile?
    var hasEnvironment = false
    var isFinally = false
    /// Why outputs and facts of the run cannot be used here; nil where they can.
    var mustBeKnown: String?
    /// Why secrets cannot be used here; nil where they can.
    var noSecrets: String?

    /// Why nothing but secrets can be used here; nil where other things can.
    var onlySecrets: String?

    /// The same place, for something that is needed in order to make the plan.
    func planned(_ what: String) -> Scope {
        var scope = self
        scope.mustBeKnown = what
        scope.noSecrets = what
        return scope
    }
}
