import Documents
import OrderedCollections
public import Pipelines
public import Solutions
import Zip

extension EnvironmentBindings {
    /// What an environment's file binds; places are found again in the file, which lies below the repository's root.
    public init(_ file: EnvironmentFile, root: String) {
        var sources: [String: Source] = [:]
        func location(_ place: SourcePlace?) -> Location? {
            guard let place else { return nil }
            if sources[place.file] == nil {
                // A file that is gone since the plan was made has no places to show.
                guard let bytes = try? WholeFile.read("\(root)/\(place.file)") else { return nil }
                sources[place.file] = Source(name: place.file, bytes: bytes)
            }
            guard let source = sources[place.file] else { return nil }
            let start = source.offset(ofUTF16: Place(line: place.line, column: place.column))
            return Location(source: source, range: start..<max(start, source.lineRange(place.line).upperBound))
        }
        let first = (file.connections.values.compactMap(\.place) + file.variables.values.compactMap(\.place)).first
        let path = first?.file ?? "environments/\(file.name).yaml"
        let top = location(SourcePlace(file: path, line: 1, column: 1))
        let document = top.flatMap { Document.read(bytes: $0.source.bytes, file: path, syntax: .yaml).document }
        func key(_ name: String, of section: String) -> Location? {
            document?.root[section]?.members.first { $0.key == name }?.keyNode.location
        }
        self.init(
            environment: file.name,
            connections: file.connections.map {
                .init(
                    logicalName: $0.key, connector: $0.value.connector, connection: $0.value.connection,
                    location: location($0.value.place))
            },
            variables: file.variables.map {
                .init(
                    schemaName: $0.key, value: $0.value.value, location: location($0.value.place),
                    keyLocation: key($0.key, of: "variables"))
            },
            flows: file.flows.enabled.map { .init(name: $0.key, isOn: $0.value, location: key($0.key, of: "flows")) },
            location: top.map { Location(source: $0.source, range: 0..<0) })
    }
}
