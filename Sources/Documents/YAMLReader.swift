internal import CLibYAML

/// Reads YAML 1.2 (core schema) into a tape by libyaml's events.
///
/// One document a file, text as keys, no merge keys; aliases are resolved within bounds.
struct YAMLReader {
    /// A list or map that is not closed yet.
    struct Frame {
        var slot: Int
        var count = 0
        var firstKey: Int
        var isMap: Bool
        var isFlow: Bool
        var expectsKey: Bool
    }

    /// A named value, and where its text is in the pool once an alias needed it there.
    struct Anchor {
        var slot: Int
        var pooled: Int?
    }

    let text: UnsafeBufferPointer<UInt8>
    let limits: Document.Limits
    var problems: Problems
    var offsets: OffsetCursor
    /// The unquoted text that stopped the parser, if it was one.
    var repair: YAMLRepair?
    var tape: [Slot] = []
    var pool: [UInt8] = []
    var frames: [Frame] = []
    var keys = KeyTable()
    var anchors: [String: Anchor] = [:]
    var aliased = 0
    var lastEnd = 0
    private var hasDocument = false

    static func read(_ source: Source, limits: Document.Limits) -> Reading {
        var problems = Problems(source: source, limit: limits.problems)
        let isASCII = source.bytes.withUnsafeBufferPointer { text in
            EncodingCheck.reportForeign(text, &problems) ? true : EncodingCheck.check(text, &problems)
        }
        guard problems.diagnostics.isEmpty else {
            return Reading(source: source, syntax: .yaml, tape: [], pool: [], diagnostics: problems.diagnostics)
        }
        // Text that lacks its quotes is masked and all read again, so that whatever else is wrong is found too.
        var masked = source.bytes
        var repairs: [Diagnostic] = []
        var repaired: Int?
        while true {
            let reader = masked.withUnsafeBufferPointer { text in
                var reader = YAMLReader(
                    text: text, limits: limits, problems: problems,
                    offsets: OffsetCursor(text: text, isASCII: isASCII, first: source.markLength))
                reader.run(first: source.markLength)
                return reader
            }
            if let repair = reader.repair {
                repairs.append(repair.diagnostic(source))
                repair.mask(&masked)
                // Each repair makes the parser come further; should one not, or should there be no end, that is the end.
                let isProgress = repaired.map { $0 < repair.range.lowerBound } ?? true
                repaired = repair.range.lowerBound
                if isProgress, repairs.count < limits.problems { continue }
            }
            let diagnostics = (repairs + reader.problems.diagnostics).sorted { left, right in
                (left.location?.range.lowerBound ?? 0) < (right.location?.range.lowerBound ?? 0)
            }
            return Reading(
                source: source, syntax: .yaml, tape: reader.isWhole ? reader.tape : [], pool: reader.pool,
                diagnostics: diagnostics)
        }
    }

    /// Whether the innermost list or map is in braces or brackets.
    var isInFlow: Bool { frames.last?.isFlow ?? false }

    /// Whether the tape holds the whole document.
    private var isWhole: Bool { !problems.isFatal && repair == nil }

    private init(
        text: UnsafeBufferPointer<UInt8>, limits: Document.Limits, problems: Problems, offsets: OffsetCursor
    ) {
        self.text = text
        self.limits = limits
        self.problems = problems
        self.offsets = offsets
        tape.reserveCapacity(text.count / 12 + 16)
    }

    private mutating func run(first: Int) {
        // libyaml keeps the parser's address, so it must not move.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
        defer {
            parser.deallocate()
            event.deallocate()
        }
        guard yaml_parser_initialize(parser) == 1 else {
            problems.stop("document/no-memory", "there is no memory to read the file", 0..<0)
            return
        }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress.map { $0 + first }, text.count - first)
        while problems.isOpen {
            guard yaml_parser_parse(parser, event) == 1 else {
                reportSyntax(parser)
                return
            }
            let isEnd = event.pointee.type == YAML_STREAM_END_EVENT
            take(event.pointee)
            yaml_event_delete(event)
            if isEnd { return }
        }
    }

    private mutating func take(_ event: yaml_event_t) {
        switch event.type {
        case YAML_SCALAR_EVENT:
            takeScalar(event)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            open(
                range(of: event), isMap: true, isFlow: start.style == YAML_FLOW_MAPPING_STYLE, anchor: start.anchor,
                tag: start.tag)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            open(
                range(of: event), isMap: false, isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE, anchor: start.anchor,
                tag: start.tag)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT:
            close(end: range(of: event).upperBound)
        case YAML_ALIAS_EVENT:
            takeAlias(event.data.alias.anchor, range(of: event))
        case YAML_DOCUMENT_START_EVENT:
            let range = range(of: event)
            if hasDocument {
                problems.stop(
                    "document/several-documents", "a file holds one document; a second one begins here", range)
            }
            hasDocument = true
        case YAML_STREAM_END_EVENT:
            if tape.isEmpty {
                problems.stop(
                    "document/empty", "the file is empty; a YAML document is expected", range(of: event))
            }
        default: break
        }
    }

    private mutating func range(of event: yaml_event_t) -> Range<Int> {
        let start = offsets.offset(of: event.start_mark.index)
        let end = offsets.offset(of: event.end_mark.index)
        return start..<max(start, end)
    }

    private mutating func takeScalar(_ event: yaml_event_t) {
        let scalar = event.data.scalar
        let value = UnsafeBufferPointer(start: scalar.value.map { UnsafePointer($0) }, count: scalar.length)
        let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
        var range = range(of: event)
        if scalar.anchor != nil || scalar.tag != nil { range = skipProperties(range) }
        if !isPlain, scalar.style != YAML_SINGLE_QUOTED_SCALAR_STYLE, scalar.style != YAML_DOUBLE_QUOTED_SCALAR_STYLE {
            range = range.lowerBound..<trimmed(range)
        }
        let isKey = frames.last.map { $0.isMap && $0.expectsKey } ?? false
        var kind = Slot.Kind.string
        var marks: Slot.Marks = []
        if let tag = scalar.tag {
            (kind, marks) = tagged(String(cString: tag), value, range)
        } else if isPlain {
            (kind, marks) = CoreSchema.kind(of: value)
        }
        if isPlain { marks.insert(.plain) }
        if isKey {
            if kind == .null {
                problems.report(
                    "document/bad-key", range.isEmpty ? "a key is missing before ':'" : "a key must be text, not null",
                    range)
            }
            if isPlain, value.count == 2, value[0] == UInt8(ascii: "<"), value[1] == UInt8(ascii: "<") {
                problems.report(
                    "document/merge-key", "merge keys ('<<') are not part of YAML 1.2", range,
                    help: "write the keys out, or use a template")
            }
            kind = .string
        }
        var slot = Slot(kind, range, marks: marks)
        place(&slot, value, isPlain: isPlain)
        lastEnd = range.upperBound
        if isKey { keys.append(tape.count, value) }
        append(slot, anchor: scalar.anchor)
    }

    /// Says where a scalar's text stands: in the file, if it is the same there, or else in the pool.
    private mutating func place(_ slot: inout Slot, _ value: UnsafeBufferPointer<UInt8>, isPlain: Bool) {
        let range = slot.range
        let isInset = !isPlain && range.count >= 2
        let written = isInset ? range.lowerBound + 1..<range.upperBound - 1 : range
        if written.count == value.count, isPlain || isInset, text[written].elementsEqual(value) {
            if isInset { slot = Slot(slot.kind, range, marks: slot.marks.union(.quoted)) }
        } else {
            addToPool(&slot, value)
        }
    }

    mutating func addToPool(_ slot: inout Slot, _ value: some Collection<UInt8>) {
        slot.pool(at: pool.count)
        for shift in [24, 16, 8, 0] { pool.append(UInt8(truncatingIfNeeded: value.count >> shift)) }
        pool.append(contentsOf: value)
    }

    /// Adds a scalar or a whole alias as a key, member or element.
    mutating func append(_ slot: Slot, anchor: UnsafeMutablePointer<yaml_char_t>?) {
        if let anchor { anchors[String(cString: anchor)] = Anchor(slot: tape.count) }
        tape.append(slot)
        didAppend()
    }

    mutating func didAppend() {
        guard !frames.isEmpty else { return }
        let last = frames.count - 1
        if frames[last].isMap {
            if !frames[last].expectsKey { frames[last].count += 1 }
            frames[last].expectsKey.toggle()
        } else {
            frames[last].count += 1
        }
    }

    private mutating func open(
        _ range: Range<Int>, isMap: Bool, isFlow: Bool, anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?
    ) {
        let range = anchor != nil || tag != nil ? skipProperties(range) : range
        let first = range.lowerBound..<min(range.lowerBound + 1, text.count)
        if let frame = frames.last, frame.isMap, frame.expectsKey {
            problems.stop(
                "document/bad-key", "a key must be text, not a \(isMap ? "map" : "list")", first,
                help: isFlow && text[first].first == UInt8(ascii: "{")
                    ? "text that begins with '{' must stand in quotes" : nil)
            return
        }
        guard frames.count < limits.depth else {
            problems.stop("document/too-deep", "lists and maps are nested more than \(limits.depth) deep", first)
            return
        }
        if let tag {
            let name = String(cString: tag)
            let expected = "tag:yaml.org,2002:\(isMap ? "map" : "seq")"
            if name != expected, name != "!" { reportTag(name, first) }
        }
        if let anchor { anchors[String(cString: anchor)] = Anchor(slot: tape.count) }
        frames.append(
            Frame(slot: tape.count, firstKey: keys.count, isMap: isMap, isFlow: isFlow, expectsKey: isMap))
        lastEnd = range.lowerBound
        tape.append(Slot(isMap ? .map : .list, range))
    }

    private mutating func close(end: Int) {
        guard let frame = frames.popLast() else { return }
        if frame.isFlow { lastEnd = end }
        let start = tape[frame.slot].range.lowerBound
        tape[frame.slot].close(end: max(start, lastEnd), next: tape.count, count: frame.count)
        if frame.isMap {
            let (tape, text, pool) = (tape, text, pool)
            let duplicates = keys.removeKeys(from: frame.firstKey) { left, right in
                Self.bytes(of: tape[left], text, pool).elementsEqual(Self.bytes(of: tape[right], text, pool))
            }
            for (first, second) in duplicates {
                let key = String(decoding: Self.bytes(of: tape[second], text, pool), as: UTF8.self)
                problems.reportDuplicateKey(key, first: tape[first].range, second: tape[second].range)
            }
        }
        didAppend()
    }

    /// The range without the anchor and tag at its beginning.
    private func skipProperties(_ range: Range<Int>) -> Range<Int> {
        var at = range.lowerBound
        while at < range.upperBound, text[at] == UInt8(ascii: "&") || text[at] == UInt8(ascii: "!") {
            while at < range.upperBound, text[at] > 0x20 { at += 1 }
            while at < text.count, text[at] <= 0x20, at < range.upperBound { at += 1 }
        }
        return at..<max(at, range.upperBound)
    }

    /// The end of a range without the space before it.
    private func trimmed(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, text[end - 1] <= 0x20 { end -= 1 }
        return end
    }

    static func bytes(of slot: Slot, _ text: UnsafeBufferPointer<UInt8>, _ pool: [UInt8]) -> [UInt8] {
        if slot.marks.contains(.pooled) {
            let start = Int(slot.link)
            var count = 0
            for byte in pool[start..<start + 4] { count = count << 8 | Int(byte) }
            return Array(pool[start + 4..<start + 4 + count])
        }
        let range = slot.marks.contains(.quoted) ? slot.range.lowerBound + 1..<slot.range.upperBound - 1 : slot.range
        return Array(text[range])
    }
}
