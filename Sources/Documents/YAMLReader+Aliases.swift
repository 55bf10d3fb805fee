internal import CLibYAML

/// Aliases and tags.
extension YAMLReader {
    mutating func takeAlias(_ name: UnsafeMutablePointer<yaml_char_t>?, _ range: Range<Int>) {
        let name = name.map { String(cString: $0) } ?? ""
        let isKey = frames.last.map { $0.isMap && $0.expectsKey } ?? false
        lastEnd = range.upperBound
        guard let anchor = anchors[name] else {
            problems.report(
                "document/undefined-alias", "there is no anchor '&\(name)' before this alias", range,
                help: suggestion(for: name, among: anchors.keys.sorted()).map { "did you mean '*\($0)'?" }
                    ?? "text that begins with '*' must stand in quotes")
            appendPlaceholder(range, isKey: isKey)
            return
        }
        var root = tape[anchor.slot]
        guard root.isContainer else {
            let value = Self.bytes(of: root, text, pool)
            if isKey { value.withUnsafeBufferPointer { keys.append(tape.count, $0) } }
            root = Slot(isKey ? .string : root.kind, range, marks: root.marks.intersection([.plain, .integer]))
            // However often it is repeated, the text is kept once.
            if let pooled = anchor.pooled {
                root.pool(at: pooled)
            } else {
                addToPool(&root, value)
                anchors[name]?.pooled = Int(root.link)
            }
            append(root, anchor: nil)
            return
        }
        guard root.link != 0 else {
            problems.report(
                "document/recursive-alias", "the alias '*\(name)' stands inside what it repeats", range,
                notes: [
                    Diagnostic.Note("the anchor", at: problems.location(root.range.lowerBound..<root.range.lowerBound))
                ])
            appendPlaceholder(range, isKey: isKey)
            return
        }
        guard !isKey else {
            problems.stop("document/bad-key", "a key must be text, not a list or map", range)
            return
        }
        copy(anchor.slot, range)
    }

    private mutating func appendPlaceholder(_ range: Range<Int>, isKey: Bool) {
        if isKey { keys.append(tape.count, UnsafeBufferPointer(rebasing: text[range])) }
        append(Slot(isKey ? .string : .null, range), anchor: nil)
    }

    /// Repeats an anchored list or map; its head gets the alias's place, its content keeps the anchor's.
    private mutating func copy(_ anchor: Int, _ range: Range<Int>) {
        let next = Int(tape[anchor].link)
        aliased += next - anchor
        guard aliased <= limits.aliasedNodes else {
            problems.stop(
                "document/alias-bomb", "aliases repeat more than \(limits.aliasedNodes) values", range)
            return
        }
        let moved = tape.count - anchor
        var ends: [Int] = []
        for index in anchor..<next {
            while let end = ends.last, end <= index { ends.removeLast() }
            var slot = tape[index]
            if slot.isContainer {
                ends.append(Int(slot.link))
                slot.link += UInt32(truncatingIfNeeded: moved)
                guard frames.count + ends.count <= limits.depth else {
                    problems.stop(
                        "document/too-deep", "lists and maps are nested more than \(limits.depth) deep", range)
                    return
                }
            }
            if index == anchor {
                slot.start = UInt32(truncatingIfNeeded: range.lowerBound)
                slot.end = UInt32(truncatingIfNeeded: range.upperBound)
            }
            tape.append(slot)
        }
        didAppend()
    }

    mutating func tagged(
        _ tag: String, _ value: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
    ) -> (Slot.Kind, Slot.Marks) {
        let (kind, marks) = CoreSchema.kind(of: value)
        switch tag {
        case "!", "tag:yaml.org,2002:str": return (.string, [])
        case "tag:yaml.org,2002:null" where kind == .null,
            "tag:yaml.org,2002:bool" where kind == .boolean,
            "tag:yaml.org,2002:int" where kind == .number && marks.contains(.integer):
            return (kind, marks)
        case "tag:yaml.org,2002:float" where kind == .number: return (kind, [])
        default:
            reportTag(tag, range)
            return (.string, [])
        }
    }

    mutating func reportTag(_ tag: String, _ range: Range<Int>) {
        let prefix = "tag:yaml.org,2002:"
        let isCore =
            tag.hasPrefix(prefix)
            && ["str", "null", "bool", "int", "float", "map", "seq"].contains(String(tag.dropFirst(prefix.count)))
        let shown = tag.hasPrefix(prefix) ? "!!\(tag.dropFirst(prefix.count))" : tag
        let range = tagRange(before: range)
        problems.report(
            "document/bad-tag", isCore ? "this is not what the tag '\(shown)' says" : "there is no tag '\(shown)'",
            range)
    }

    /// The tag that stands before a value.
    private func tagRange(before range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, text[start - 1] <= 0x20 { start -= 1 }
        let end = start
        while start > 0, text[start - 1] > 0x20 { start -= 1 }
        return start < end && text[start] == UInt8(ascii: "!") ? start..<end : range
    }
}
