import Documents

extension SchemaCheck {
    /// The smallest and the largest number.
    static let bounds = SchemaCheck { pair in
        compare(
            pair.base, pair.revision, ("minimum", "exclusiveMinimum"), (pair.base.lower, pair.revision.lower),
            ("min", "smallest number"), isLower: true, &pair)
        compare(
            pair.base, pair.revision, ("maximum", "exclusiveMaximum"), (pair.base.upper, pair.revision.upper),
            ("max", "largest number"), isLower: false, &pair)
    }

    /// Compares keyword by keyword where both sides use the same ones as numbers, else what they come to.
    private static func compare(
        _ base: SchemaView, _ revision: SchemaView, _ keys: (plain: String, exclusive: String),
        _ bounds: (SchemaBound?, SchemaBound?), _ words: (String, String), isLower: Bool,
        _ pair: inout SchemaComparison
    ) {
        guard let plain = base[keys.plain], let newPlain = revision[keys.plain],
            let exclusive = base[keys.exclusive], let newExclusive = revision[keys.exclusive],
            let bound = SchemaBound(exclusive, isExclusive: true),
            let newBound = SchemaBound(newExclusive, isExclusive: true)
        else {
            compare(bounds.0, bounds.1, words.0, words.1, isLower: isLower, &pair)
            return
        }
        compare(
            SchemaBound(plain, isExclusive: false), SchemaBound(newPlain, isExclusive: false), words.0, words.1,
            isLower: isLower, &pair)
        compare(bound, newBound, words.0, words.1, isLower: isLower, &pair)
    }

    private static func compare(
        _ base: SchemaBound?, _ revision: SchemaBound?, _ word: String, _ name: String, isLower: Bool,
        _ pair: inout SchemaComparison
    ) {
        func key(_ bound: SchemaBound) -> String { bound.isExclusive ? "exclusive-\(word)" : word }
        func text(_ bound: SchemaBound) -> String { bound.isExclusive ? "\(bound.text) (exclusive)" : bound.text }
        switch (base, revision) {
        case (nil, nil): break
        case (nil, let new?):
            pair.report("\(key(new))-set", text: "the \(name) is now \(text(new))", revision: new.node)
        case (let old?, nil):
            pair.report("\(key(old))-unset", text: "the \(name) \(text(old)) is gone", base: old.node)
        case (let old?, let new?):
            guard old.value != new.value || old.isExclusive != new.isExclusive else { return }
            // Exclusive at the same number is tighter: higher for a smallest, lower for a largest number.
            let grows = old.value == new.value ? new.isExclusive == isLower : new.value > old.value
            pair.report(
                "\(key(new))-\(grows ? "increased" : "decreased")", "\(word)-\(grows ? "increased" : "decreased")",
                text: "the \(name) changed from \(text(old)) to \(text(new))", base: old.node, revision: new.node)
        }
    }

    /// Lengths and counts.
    static let sizes = SchemaCheck { pair in
        for size in sizeWords {
            let (base, revision) = (pair.base[size.key], pair.revision[size.key])
            let old = base?.number.flatMap { $0 == 0 && size.word.hasPrefix("min") ? nil : $0 }
            let new = revision?.number.flatMap { $0 == 0 && size.word.hasPrefix("min") ? nil : $0 }
            guard old != new else { continue }
            let (oldText, newText) = (base?.numberText ?? "0", revision?.numberText ?? "0")
            // No smallest size is a size of 0, no largest one is one without end.
            let isSmallest = size.word.hasPrefix("min")
            switch (old, new) {
            case (nil, _?):
                pair.report(
                    "\(size.word)-set", "\(size.word)-\(isSmallest ? "increased" : "decreased")",
                    text: "'\(size.key)' is now \(newText)", base: base, revision: revision)
            case (_?, nil):
                pair.report(
                    "\(size.word)-unset", "\(size.word)-\(isSmallest ? "decreased" : "increased")",
                    text: "'\(size.key)' \(oldText) is gone", base: base, revision: revision)
            case (let old?, let new?):
                pair.report(
                    "\(size.word)-\(new > old ? "increased" : "decreased")",
                    text: "'\(size.key)' changed from \(oldText) to \(newText)", base: base, revision: revision)
            default: break
            }
        }
    }

    private static let sizeWords: [(key: String, word: String)] = [
        ("minLength", "min-length"), ("maxLength", "max-length"), ("minItems", "min-items"), ("maxItems", "max-items"),
        ("minProperties", "min-properties"), ("maxProperties", "max-properties"), ("minContains", "min-contains"),
        ("maxContains", "max-contains"),
    ]

    /// The pattern of texts.
    static let pattern = SchemaCheck { pair in
        switch (pair.base["pattern"], pair.revision["pattern"]) {
        case (nil, let new?):
            guard !accepting.contains(new.string ?? "") else { break }
            pair.report("pattern-added", text: "the pattern \(shortText(new)) is new", revision: new)
        case (let old?, nil):
            guard !accepting.contains(old.string ?? "") else { break }
            pair.report("pattern-removed", text: "the pattern \(shortText(old)) is gone", base: old)
        case (let old?, let new?) where old.string != new.string:
            let isOpen = accepting.contains(new.string ?? "")
            let text = "the pattern changed from \(shortText(old)) to \(shortText(new))"
            if isOpen {
                pair.report("pattern-generalized", "pattern-changed", text: text, base: old, revision: new)
            } else {
                pair.report("pattern-changed", text: text, base: old, revision: new)
            }
        default: break
        }
    }

    /// Patterns that every text matches.
    private static let accepting: Set<String> = ["", ".*", "^.*$", "^.*", ".*$", "(.*)", "^(.*)$"]

    /// Multiples and repeated elements, and how lists of 2.0 are joined.
    static let collections = SchemaCheck { pair in
        switch (pair.base["multipleOf"], pair.revision["multipleOf"]) {
        case (nil, let new?):
            pair.report("multiple-of-set", text: "must be a multiple of \(shortText(new))", revision: new)
        case (let old?, nil):
            pair.report("multiple-of-unset", text: "need not be a multiple of \(shortText(old)) any more", base: old)
        case (let old?, let new?) where old.number != new.number:
            let text = "must be a multiple of \(shortText(new)) instead of \(shortText(old))"
            pair.report("multiple-of-changed", text: text, base: old, revision: new)
        default: break
        }
        let (old, new) = (pair.base["uniqueItems"]?.boolean ?? false, pair.revision["uniqueItems"]?.boolean ?? false)
        if old != new {
            pair.report(
                new ? "unique-items-set" : "unique-items-unset",
                text: new ? "elements must all differ" : "elements may repeat", base: pair.base["uniqueItems"],
                revision: pair.revision["uniqueItems"])
        }
    }
}
