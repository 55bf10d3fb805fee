import Documents

extension SourcePlace {
    init(_ location: Location) {
        let start = location.start
        self.init(file: location.source.name, line: start.line, column: start.column)
    }
}
