/// The line of a location as a terminal shows it, and the marks under the range.
struct LineExcerpt {
    private(set) var text = ""
    private(set) var marks = ""

    /// One column block of the line: what is shown and how wide it is.
    private struct Cell {
        var text: String
        var width: Int
    }

    init(location: Location, width: Int) {
        let source = location.source
        let range = source.lineRange(location.start.line)
        let first = min(max(location.range.lowerBound, range.lowerBound), range.upperBound)
        let last = min(max(location.range.upperBound, first), range.upperBound)
        // A line of a machine-made file can be megabytes long: only the neighbourhood is looked at.
        let reach = width * 4
        let near = Self.boundary(max(range.lowerBound, first - reach), in: source, from: range.lowerBound)
        let far = min(range.upperBound, first + reach)
        let before = Self.cells(source.bytes[near..<first], column: 0)
        let beforeWidth = before.reduce(0) { $0 + $1.width }
        let within = Self.cells(source.bytes[first..<min(last, max(far, first))], column: beforeWidth)
        let withinWidth = within.reduce(0) { $0 + $1.width }
        let after = Self.cells(source.bytes[min(last, far)..<far], column: beforeWidth + withinWidth)

        var shownBefore = before[...]
        var room = beforeWidth
        let isCutBefore = near > range.lowerBound || beforeWidth + min(withinWidth, width / 2) > width - 1
        if isCutBefore {
            while room > width / 3, let cell = shownBefore.first {
                room -= cell.width
                shownBefore = shownBefore.dropFirst()
            }
        }
        var left = width - room - (isCutBefore ? 1 : 0)
        let shownWithin = Self.prefix(within, &left)
        let shownAfter = shownWithin.count == within.count ? Self.prefix(after, &left) : []
        let isCutAfter =
            shownWithin.count < within.count || shownAfter.count < after.count || far < range.upperBound

        text = (isCutBefore ? "…" : "") + (shownBefore + shownWithin + shownAfter).map(\.text).joined()
        while text.last == " " { text.removeLast() }
        if isCutAfter { text += "…" }
        let marked = max(1, shownWithin.reduce(0) { $0 + $1.width })
        let indent = room + (isCutBefore ? 1 : 0)
        marks = String(repeating: " ", count: indent) + "^" + String(repeating: "~", count: marked - 1)
    }

    private static func boundary(_ offset: Int, in source: Source, from start: Int) -> Int {
        var offset = offset
        while offset > start, source.bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }

    private static func prefix(_ cells: [Cell], _ left: inout Int) -> [Cell] {
        var shown: [Cell] = []
        for cell in cells {
            guard cell.width < left else { break }
            left -= cell.width
            shown.append(cell)
        }
        return shown
    }

    private static func cells(_ bytes: ArraySlice<UInt8>, column: Int) -> [Cell] {
        var column = column
        var cells: [Cell] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\t" {
                let width = 4 - column % 4
                cells.append(Cell(text: String(repeating: " ", count: width), width: width))
                column += width
            } else {
                let shown = safeScalar(scalar)
                let width = columnWidth(shown)
                cells.append(Cell(text: String(Character(shown)), width: width))
                column += width
            }
        }
        return cells
    }
}
