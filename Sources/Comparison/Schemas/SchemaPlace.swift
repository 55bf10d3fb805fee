/// Where a schema counts: in which direction, and in which part of an operation.
struct SchemaPlace {
    enum Part {
        case requestBody
        case parameter(name: String, location: String)
        case responseBody(status: String)
        case header(name: String, status: String)
        /// What a webhook of a connector delivers.
        case notification
    }

    let part: Part
    /// Whether values are written as bare text, so that a text type accepts whatever was there.
    let isText: Bool

    /// A place; the media type is nil for parameters and headers.
    init(part: Part, mediaType: String?) {
        self.part = part
        switch part {
        case .parameter: isText = true
        case .header: isText = false
        case .requestBody, .responseBody, .notification:
            isText = mediaType.map { !$0.lowercased().contains("json") && $0 != "*/*" } ?? false
        }
    }

    var isRequest: Bool {
        switch part {
        case .requestBody, .parameter: true
        case .responseBody, .header, .notification: false
        }
    }

    /// A number for everything about the place that decides about ids.
    func number(inProperty: Bool, isReadOnly: Bool, isWriteOnly: Bool) -> UInt64 {
        let kind: UInt64 =
            switch part {
            case .requestBody: 0
            case .parameter(_, "header"): 1
            case .parameter(_, "query"): 2
            case .parameter: 3
            case .responseBody: 4
            case .header: 5
            case .notification: 6
            }
        return kind << 4 | (inProperty ? 8 : 0) | (isReadOnly ? 4 : 0) | (isWriteOnly ? 2 : 0) | (isText ? 1 : 0)
    }

    /// The beginnings of an id here, the best first.
    func prefixes(inProperty: Bool, isReadOnly: Bool, isWriteOnly: Bool) -> [String] {
        switch part {
        case .requestBody:
            if isReadOnly { return ["request-read-only-property-"] }
            return inProperty ? ["request-property-"] : ["request-body-"]
        case .parameter(_, let location):
            guard inProperty else { return ["request-parameter-"] }
            return location == "header"
                ? ["request-header-property-", "request-parameter-property-"] : ["request-parameter-property-"]
        case .responseBody, .notification:
            if isWriteOnly { return ["response-write-only-property-"] }
            return inProperty ? ["response-property-"] : ["response-body-", "response-mediatype-"]
        case .header: return ["response-header-"]
        }
    }

    /// The words for the part, or for a property inside it.
    func phrase(_ route: String) -> String {
        switch part {
        case .requestBody: return route.isEmpty ? "request body" : "request property '\(route)'"
        case .parameter(let name, let location):
            let whole = "\(location) parameter '\(name)'"
            return route.isEmpty ? whole : "property '\(route)' of \(whole)"
        case .responseBody(let status):
            return route.isEmpty ? "body of response \(status)" : "property '\(route)' of response \(status)"
        case .header(let name, let status):
            let whole = "header '\(name)' of response \(status)"
            return route.isEmpty ? whole : "property '\(route)' of \(whole)"
        case .notification: return route.isEmpty ? "webhook payload" : "property '\(route)' of the webhook payload"
        }
    }

    /// The id for what happened to a property; nil where it does not count in this direction.
    func id(for event: PropertyEvent) -> String? {
        let isParameter = if case .parameter = part { true } else { false }
        let isHeader = if case .parameter(_, "header") = part { true } else { false }
        let need = event.isRequired ? "required" : "optional"
        switch event.kind {
        case .added where isRequest:
            if event.isReadOnly { return nil }
            if isParameter {
                guard event.isRequired else { return "new-optional-parameter-property" }
                return isHeader ? "new-required-request-header-property" : "new-required-parameter-property"
            }
            guard event.isRequired else { return "new-optional-request-property" }
            return event.hasDefault ? "new-required-request-property-with-default" : "new-required-request-property"
        case .removed where isRequest:
            if event.isReadOnly { return nil }
            return isParameter ? "request-parameter-property-removed" : "request-property-removed"
        case .becameRequired where isRequest:
            if event.isReadOnly { return nil }
            if isParameter {
                return isHeader
                    ? "request-header-property-became-required" : "request-parameter-property-became-required"
            }
            return event.hasDefault
                ? "request-property-became-required-with-default" : "request-property-became-required"
        case .becameOptional where isRequest:
            if event.isReadOnly { return nil }
            return isParameter ? "request-parameter-property-became-optional" : "request-property-became-optional"
        case .added: return "response-\(need)\(event.isWriteOnly ? "-write-only" : "")-property-added"
        case .removed: return "response-\(need)\(event.isWriteOnly ? "-write-only" : "")-property-removed"
        case .becameRequired: return "response-\(event.isWriteOnly ? "write-only-" : "")property-became-required"
        case .becameOptional: return "response-\(event.isWriteOnly ? "write-only-" : "")property-became-optional"
        case .becameReadOnly: return "\(direction)-\(need)-property-became-read-only"
        case .becameNotReadOnly: return "\(direction)-\(need)-property-became-not-read-only"
        case .becameWriteOnly: return "\(direction)-\(need)-property-became-write-only"
        case .becameNotWriteOnly: return "\(direction)-\(need)-property-became-not-write-only"
        }
    }

    /// The endings for a type that changed.
    func suffixes(
        for relation: TypeRelation, toText: Bool, fromText: Bool, toList: Bool, isList: Bool
    ) -> [String] {
        switch relation {
        case .same: return []
        case .wider: return isList ? ["list-of-types-widened", "type-generalized"] : ["type-generalized"]
        case .narrower:
            if isText, !isRequest, fromText { return ["type-compatible", "type-specialized"] }
            return isList ? ["list-of-types-narrowed", "type-changed"] : ["type-specialized", "type-changed"]
        case .different:
            // One value is a list of one where lists are written without brackets.
            if toList, case .parameter(_, "query") = part { return ["type-generalized"] }
            if isText, isRequest ? toText : fromText {
                if case .requestBody = part { return ["type-compatible"] }
                return isRequest ? ["type-generalized"] : ["type-compatible", "type-specialized"]
            }
            return ["type-changed"]
        }
    }

    private var direction: String { isRequest ? "request" : "response" }
}
