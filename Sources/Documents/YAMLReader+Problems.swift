internal import CLibYAML

/// What libyaml's complaints mean to the person who wrote the file.
extension YAMLReader {
    mutating func reportSyntax(_ parser: UnsafeMutablePointer<yaml_parser_t>) {
        let parser = parser.pointee
        guard parser.error != YAML_MEMORY_ERROR else {
            problems.stop("document/no-memory", "there is no memory to read the file", 0..<0)
            return
        }
        let problem = parser.problem.map { String(cString: $0) } ?? "this is not YAML"
        let context = parser.context.map { String(cString: $0) } ?? ""
        if parser.error == YAML_READER_ERROR {
            let offset = min(offsets.offset(of: 0) + parser.problem_offset, text.count)
            problems.stop("document/control-character", "this character is not allowed in YAML", character(at: offset))
            return
        }
        let offset = offsets.offset(of: parser.problem_mark.index)
        let contextOffset = offsets.offset(of: parser.context_mark.index)
        let isFlow = parser.flow_level > 0 || isInFlow
        repair =
            YAMLRepair.expression(text, around: offset, isFlow: isFlow)
            ?? YAMLRepair.expression(text, around: contextOffset, isFlow: isFlow)
        if repair != nil { return }
        if let tab = tab(before: offset) {
            reportTabs(tab)
            return
        }
        switch problem {
        case "mapping values are not allowed in this context": repair = YAMLRepair.value(text, around: offset)
        case "found character that cannot start any token":
            repair = YAMLRepair.reserved(text, at: offset, isFlow: isFlow)
        default: break
        }
        if repair == nil { report(problem, context, offset, contextOffset) }
    }

    private mutating func report(_ problem: String, _ context: String, _ offset: Int, _ contextOffset: Int) {
        let here = character(at: offset)
        let isAtLineStart = indentation(of: offset).upperBound == offset
        let found = here.isEmpty ? "the end of the file" : "'\(String(decoding: text[here], as: UTF8.self))'"
        func stop(
            _ code: String, _ message: String, at range: Range<Int>? = nil, note: String? = nil, help: String? = nil
        ) {
            let notes =
                note.map { [Diagnostic.Note($0, at: problems.location(character(at: contextOffset)))] } ?? []
            problems.stop("document/\(code)", message, range ?? here, notes: notes, help: help)
        }
        switch problem {
        case "mapping values are not allowed in this context":
            reportColon(offset)
        case "did not find expected key" where isAtLineStart:
            stop(
                "bad-indentation", "this line is indented like none of the lines above it", at: line(from: offset),
                note: "in the map that begins here", help: "keys of one map stand in the same column")
        case "did not find expected '-' indicator" where isAtLineStart:
            stop(
                "bad-indentation", "a '-' is expected here, not \(found)", note: "in the list that begins here",
                help: "the dashes of one list stand in the same column")
        case "did not find expected key", "did not find expected '-' indicator":
            let isCloser = found == "']'" || found == "'}'"
            stop(
                "trailing-text",
                isCloser ? "\(found) closes nothing" : "the value ends before \(found); nothing may follow it",
                help: isCloser
                    ? nil : "a quote inside 'single quotes' is written twice, inside \"double quotes\" as \\\"")
        case "did not find expected ',' or '}'":
            stop("unclosed-bracket", "',' or '}' is expected here, not \(found)", note: "in the map that begins here")
        case "did not find expected ',' or ']'":
            stop("unclosed-bracket", "',' or ']' is expected here, not \(found)", note: "in the list that begins here")
        case "could not find expected ':'":
            stop("missing-colon", "a ':' is missing after this key", at: line(from: contextOffset))
        case "found unexpected end of stream", "found unexpected document indicator":
            stop("unclosed-string", "the text in quotes that begins here is not closed", at: line(from: contextOffset))
        case "found unknown escape character":
            let end = character(at: offset + 1).upperBound
            stop(
                "bad-escape", "'\(String(decoding: text[offset..<end], as: UTF8.self))' is no escape of YAML",
                at: offset..<end, help: "write the backslash twice, or use single quotes")
        case "did not find expected hexdecimal number", "found invalid Unicode character escape code":
            stop("bad-escape", "the digits of this escape are wrong")
        case "found character that cannot start any token", "did not find expected node content":
            stop("unexpected-character", "a value is expected here, not \(found)")
        case "did not find expected <document start>":
            stop("trailing-content", "this stands after the end of the document")
        case "block sequence entries are not allowed in this context":
            stop("bad-indentation", "a list cannot begin here", help: "begin the list on a line of its own")
        case "did not find expected alphabetic or numeric character":
            let sign = context.contains("alias") ? "*" : "&"
            stop(
                "unexpected-character", "a name is expected after '\(sign)'",
                at: contextOffset..<max(contextOffset, offset),
                help: "text that begins with '\(sign)' must stand in quotes")
        case "did not find expected comment or line break":
            stop("trailing-text", "nothing may follow '|' or '>' on its line", help: "begin the text on the next line")
        case "found undefined tag handle":
            stop(
                "bad-tag", "there is no tag with this beginning", help: "text that begins with '!' must stand in quotes"
            )
        case "found duplicate %YAML directive", "found incompatible YAML document", "found duplicate %TAG directive":
            stop("bad-directive", "this directive is not understood")
        default:
            stop("syntax", "YAML: \(problem)\(context.isEmpty ? "" : " \(context)")")
        }
    }

    /// A colon that stands where none may: the line above lacks one, or this line is indented too far.
    private mutating func reportColon(_ offset: Int) {
        let here = character(at: offset)
        let indentation = indentation(of: offset)
        var above = indentation.lowerBound
        while above > 0, text[above - 1] <= 0x20 { above -= 1 }
        let aboveStart = self.indentation(of: above).upperBound
        let colons = aboveStart < above ? text[aboveStart..<above].contains(UInt8(ascii: ":")) : true
        if !colons, !text[aboveStart..<above].contains(UInt8(ascii: "#")), text[aboveStart] != UInt8(ascii: "-") {
            let key = String(decoding: text[aboveStart..<above], as: UTF8.self)
            problems.stop(
                "document/missing-colon", "a ':' is missing after '\(key)'", aboveStart..<above,
                fixIts: [problems.fix("insert a colon", above..<above, ":")])
        } else if offset > indentation.upperBound, aboveStart < above {
            problems.stop(
                "document/bad-indentation", "this line is indented like none of the lines above it",
                indentation.upperBound..<line(from: offset).upperBound, help: "keys of one map stand in the same column"
            )
        } else {
            problems.stop(
                "document/bad-indentation", "a ':' is not allowed here", here,
                help: "text with ': ' in it must stand in quotes")
        }
    }

    /// One problem for all the lines that begin with a tab, so that one fix-it puts them all right.
    private mutating func reportTabs(_ first: Range<Int>) {
        var tabs = [first]
        var at = 0
        while at < text.count {
            var end = at
            while end < text.count, text[end] == 0x09 { end += 1 }
            if end > at, at != first.lowerBound { tabs.append(at..<end) }
            while end < text.count, text[end] != 0x0A, text[end] != 0x0D { end += 1 }
            at = end + 1
        }
        let edits = tabs.prefix(10_000).map { tab in
            FixIt.Edit(location: problems.location(tab), replacement: String(repeating: "  ", count: tab.count))
        }
        problems.stop(
            "document/tab", "YAML does not allow tabs for indentation", first,
            fixIts: [FixIt("indent with spaces", edits: edits)])
    }

    /// The space at the beginning of an offset's line.
    private func indentation(of offset: Int) -> Range<Int> {
        var start = min(offset, text.count)
        while start > 0, text[start - 1] != 0x0A, text[start - 1] != 0x0D { start -= 1 }
        var end = start
        while end < text.count, text[end] == 0x20 { end += 1 }
        return start..<end
    }

    /// The bytes of the character at an offset, empty at the end.
    private func character(at offset: Int) -> Range<Int> {
        guard offset < text.count else {
            // The end of the file is shown where its text ends, not on an empty line.
            var end = text.count
            while end > 0, text[end - 1] <= 0x20 { end -= 1 }
            return end..<end
        }
        return offset..<offset + max(EncodingCheck.sequence(text, offset), 1)
    }

    /// From an offset to the end of its line.
    private func line(from offset: Int) -> Range<Int> {
        var end = offset
        while end < text.count, text[end] != 0x0A, text[end] != 0x0D { end += 1 }
        return offset..<end
    }

    /// Tabs in the indentation of the line of an offset, or at the offset.
    private func tab(before offset: Int) -> Range<Int>? {
        var at = indentation(of: offset).upperBound
        if at >= text.count || text[at] != 0x09 {
            guard offset < text.count, text[offset] == 0x09 else { return nil }
            at = offset
        }
        var end = at
        while end < text.count, text[end] == 0x09 { end += 1 }
        return at..<end
    }
}
