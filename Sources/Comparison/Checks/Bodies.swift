import Documents
import OpenAPI

extension OperationCheck {
    /// What is sent beside the parameters.
    static let requestBody = OperationCheck { pair in
        switch (pair.base.body, pair.revision.body) {
        case (nil, nil): break
        case (nil, let new?):
            pair.report(
                new.isRequired ? "request-body-added-required" : "request-body-added-optional",
                new.isRequired ? "a required request body is new" : "a request body is new", base: pair.base.keyNode,
                revision: new.node)
        case (let old?, nil):
            pair.report(
                "request-body-removed", "the request body was removed", base: old.node, revision: pair.revision.keyNode)
        case (let old?, let new?): pair.compare(old, new)
        }
    }

    /// The answers.
    static let responses = OperationCheck { pair in
        let (old, new) = (pair.base.responses, pair.revision.responses)
        for response in old {
            if let other = new.first(where: { $0.status.uppercased() == response.status.uppercased() }) {
                pair.compare(response, other)
            } else {
                pair.report(
                    id(response, "removed"), "the response \(response.status) was removed", base: response.keyNode,
                    revision: pair.revision.node["responses"] ?? pair.revision.keyNode)
            }
        }
        for response in new where !old.contains(where: { $0.status.uppercased() == response.status.uppercased() }) {
            pair.report(
                id(response, "added"), "the response \(response.status) is new",
                base: pair.base.node["responses"] ?? pair.base.keyNode, revision: response.keyNode)
        }
    }

    private static func id(_ response: Response, _ verb: String) -> String {
        if response.status == "default" { return "response-default-\(verb)" }
        return "response-\(response.isSuccess ? "" : "non-")success-status-\(verb)"
    }
}

extension OperationPair {
    fileprivate mutating func compare(_ old: Body, _ new: Body) {
        if old.isRequired != new.isRequired, old.formFields.isEmpty || new.formFields.isEmpty {
            report(
                new.isRequired ? "request-body-became-required" : "request-body-became-optional",
                new.isRequired ? "became required" : "became optional", part: "request body",
                base: old.node["required"] ?? old.node, revision: new.node["required"] ?? new.node)
        }
        if profile == .connector, let before = old.name, let after = new.name, before != after {
            report(
                "cx-body-parameter-renamed", "the body parameter '\(before)' is now called '\(after)'",
                part: "request body", base: old.node["name"], revision: new.node["name"])
        }
        if !old.formFields.isEmpty || !new.formFields.isEmpty {
            compareForms(old, new)
        }
        let types = MediaMatching(old.media, new.media)
        for media in types.removed {
            report(
                "request-body-media-type-removed", "the media type '\(media.type)' is no longer accepted",
                part: "request body", base: media.node, revision: new.node)
        }
        for media in types.added {
            report(
                "request-body-media-type-added", "the media type '\(media.type)' is accepted too", part: "request body",
                base: old.node, revision: media.node)
        }
        for (before, after) in types.pairs + types.related {
            switch (before.schema, after.schema) {
            case (nil, let schema?) where old.formFields.isEmpty:
                report(
                    "request-body-media-type-schema-added", "the media type '\(after.type)' now has a schema",
                    part: "request body", base: before.node, revision: schema)
            case (let schema?, nil) where new.formFields.isEmpty:
                report(
                    "request-body-media-type-schema-removed", "the media type '\(after.type)' no longer has a schema",
                    part: "request body", base: schema, revision: after.node)
            default:
                compareSchemas(
                    before.schema, after.schema, at: SchemaPlace(part: .requestBody, mediaType: after.type))
            }
        }
        for (before, after) in types.related {
            report(
                "request-body-media-type-removed",
                "the media type '\(before.type)' is no longer accepted, '\(after.type)' is", part: "request body",
                base: before.node, revision: after.node)
        }
    }

    /// Compares form fields, of which one side may be written as a schema with properties.
    private mutating func compareForms(_ old: Body, _ new: Body) {
        let place = SchemaPlace(part: .requestBody, mediaType: "multipart/form-data")
        var added = fields(of: new, graph.revision)
        for field in fields(of: old, graph.base) {
            let part = place.phrase(field.name)
            guard let index = added.firstIndex(where: { $0.name == field.name }) else {
                report("request-property-removed", "was removed", part: part, base: field.node, revision: new.node)
                continue
            }
            let other = added.remove(at: index)
            if field.isRequired != other.isRequired {
                report(
                    other.isRequired ? "request-property-became-required" : "request-property-became-optional",
                    other.isRequired ? "became required" : "became optional", part: part, base: field.node,
                    revision: other.node)
            }
            guard let pair = graph.pair(field.node, other.node) else { continue }
            var walk = SchemaWalk(graph: graph, place: place, reference: reference)
            walk.run(from: pair, prefix: field.name, into: &collector)
        }
        for field in added {
            report(
                field.isRequired ? "new-required-request-property" : "new-optional-request-property",
                field.isRequired ? "is new and required" : "is new", part: place.phrase(field.name), base: old.node,
                revision: field.node)
        }
    }

    private func fields(of body: Body, _ reader: SchemaReader) -> [(name: String, isRequired: Bool, node: Node)] {
        guard body.formFields.isEmpty else { return body.formFields.map { ($0.name, $0.isRequired, $0.node) } }
        guard let schema = body.media.first?.schema else { return [] }
        let view = reader.view(reader.anchor(schema))
        return view.properties.map { ($0.name, view.required.contains($0.name), $0.node) }
    }

    fileprivate mutating func compare(_ old: Response, _ new: Response) {
        let status = new.status
        let part = "response \(status)"
        let types = MediaMatching(old.media, new.media)
        for media in types.removed where !new.media.isEmpty || old.status != "default" {
            report(
                "response-media-type-removed", "the media type '\(media.type)' is gone", part: part, base: media.node,
                revision: new.node)
        }
        for media in types.added {
            report(
                "response-media-type-added", "the media type '\(media.type)' is new", part: part, base: old.node,
                revision: media.node)
        }
        for (before, after) in types.related {
            let id: String
            switch MediaTypeName(before.type).relation(to: MediaTypeName(after.type)) {
            case .wider: id = "response-media-type-name-generalized"
            case .narrower: id = "response-media-type-name-specialized"
            case .same, .different: id = "response-media-type-name-changed"
            }
            report(
                id, "the media type '\(before.type)' became '\(after.type)'", part: part, base: before.node,
                revision: after.node)
        }
        for (before, after) in types.pairs + types.related {
            switch (before.schema, after.schema) {
            case (nil, let schema?):
                report(
                    "response-body-media-type-schema-added", "the media type '\(after.type)' now has a schema",
                    part: part, base: before.node, revision: schema)
            case (let schema?, nil):
                report(
                    "response-body-media-type-schema-removed", "the media type '\(after.type)' no longer has a schema",
                    part: part, base: schema, revision: after.node)
            default:
                compareSchemas(
                    before.schema, after.schema,
                    at: SchemaPlace(part: .responseBody(status: status), mediaType: after.type))
            }
        }
        compareHeaders(old, new)
        if old.description != new.description {
            report(
                "api-text-changed", "'description' is different", part: part, base: old.node["description"] ?? old.node,
                revision: new.node["description"] ?? new.node)
        }
    }

    private mutating func compareHeaders(_ old: Response, _ new: Response) {
        for header in old.headers {
            let part = "header '\(header.name)' of response \(new.status)"
            guard let other = new.headers.first(where: { $0.name.lowercased() == header.name.lowercased() }) else {
                report(
                    header.node["required"]?.boolean == true
                        ? "required-response-header-removed" : "optional-response-header-removed", "was removed",
                    part: part, base: header.node, revision: new.node)
                continue
            }
            let (was, isNow) = (header.node["required"]?.boolean ?? false, other.node["required"]?.boolean ?? false)
            if was, !isNow {
                report(
                    "response-header-became-optional", "became optional", part: part, base: header.node,
                    revision: other.node)
            }
            if (header.node["explode"]?.boolean ?? false) != (other.node["explode"]?.boolean ?? false) {
                report(
                    "response-header-explode-changed", "elements are joined in another way", part: part,
                    base: header.node, revision: other.node)
            }
            compareSchemas(
                baseDefinition.schema(ofHeader: header.node), revisionDefinition.schema(ofHeader: other.node),
                at: SchemaPlace(part: .header(name: header.name, status: new.status), mediaType: nil))
        }
        for header in new.headers
        where !old.headers.contains(where: { $0.name.lowercased() == header.name.lowercased() }) {
            report(
                "response-header-added", "is new", part: "header '\(header.name)' of response \(new.status)",
                base: old.node, revision: header.node)
        }
    }
}
