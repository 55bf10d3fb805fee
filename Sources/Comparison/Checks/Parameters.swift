import Documents
import OpenAPI

extension OperationCheck {
    /// What is passed in path, query, headers and cookies.
    static let parameters = OperationCheck { pair in
        var added = pair.revision.parameters
        var removed: [Parameter] = []
        for old in pair.base.parameters {
            let name = old.location == .path ? pair.pathParameters[old.name] ?? old.name : old.name
            let index =
                added.firstIndex { new in
                    new.location == old.location
                        && (old.location == .header ? new.name.lowercased() == name.lowercased() : new.name == name)
                }
                // Where only the path was renamed, its parameter still has the old name.
                ?? added.firstIndex { $0.location == .path && old.location == .path && $0.name == old.name }
            if let index {
                pair.compare(old, added.remove(at: index))
            } else {
                removed.append(old)
            }
        }
        if pair.profile == .connector {
            removed.removeAll { old in
                guard let index = added.firstIndex(where: { $0.name == old.name }) else { return false }
                let new = added.remove(at: index)
                pair.report(
                    "cx-parameter-moved",
                    "moved from \(old.location.rawValue) to \(new.location.rawValue)",
                    part: "parameter '\(old.name)'", base: old.node, revision: new.node)
                pair.compare(old, new)
                return true
            }
        }
        for old in removed { pair.reportRemoval(of: old) }
        for new in added { pair.reportAddition(of: new) }
    }

    /// The order of required parameters, which apps pass by position.
    static let parameterOrder = OperationCheck { pair in
        guard pair.profile == .connector else { return }
        func names(_ operation: Operation) -> [String] {
            operation.parameters.filter { $0.isRequired && $0.node["x-ms-visibility"]?.string != "internal" }.map(
                \.name)
        }
        let old = names(pair.base).map { pair.pathParameters[$0] ?? $0 }
        let new = names(pair.revision)
        let (kept, now) = (old.filter(new.contains), new.filter(old.contains))
        guard kept != now else { return }
        pair.report(
            "cx-parameter-order-changed", "required parameters came as \(list(kept)) and now come as \(list(now))",
            base: pair.base.keyNode, revision: pair.revision.keyNode)
    }
}

extension OperationPair {
    fileprivate mutating func compare(_ old: Parameter, _ new: Parameter) {
        let place = SchemaPlace(part: .parameter(name: new.name, location: new.location.rawValue), mediaType: nil)
        let part = place.phrase("")
        func report(_ pair: inout OperationPair, _ id: String, _ text: String, _ key: String? = nil) {
            pair.report(
                id, text, part: part, base: key.flatMap { old.node[$0] } ?? old.node,
                revision: key.flatMap { new.node[$0] } ?? new.node)
        }
        if old.isRequired != new.isRequired {
            report(
                &self, new.isRequired ? "request-parameter-became-required" : "request-parameter-became-optional",
                new.isRequired ? "became required" : "became optional", "required")
        }
        compareDeprecation(old, new, part)
        compareForm(old, new, part)
        let (was, now) = (old.node["x-ms-visibility"]?.string ?? "none", new.node["x-ms-visibility"]?.string ?? "none")
        if was != now {
            let hasDefault = (new.schema ?? new.node)["default"] != nil
            report(
                &self,
                now == "internal" && new.isRequired && !hasDefault ? "cx-parameter-internal" : "cx-visibility-changed",
                "the visibility changed from '\(was)' to '\(now)'", "x-ms-visibility")
        }
        if (old.node["x-ms-url-encoding"]?.string ?? "single") != (new.node["x-ms-url-encoding"]?.string ?? "single") {
            report(&self, "cx-url-encoding-changed", "is escaped in another way", "x-ms-url-encoding")
        }
        if revisionDefinition.version != .swagger2 || baseDefinition.version != .swagger2 {
            for key in ["description", "x-ms-summary"] where old.schema != old.node || new.schema != new.node {
                guard old.node[key]?.scalarText != new.node[key]?.scalarText else { continue }
                report(&self, "api-text-changed", "'\(key)' is different", key)
            }
        }
        compareSchemas(old.schema, new.schema, at: place)
    }

    private mutating func compareForm(_ old: Parameter, _ new: Parameter, _ part: String) {
        // How lists are joined matters only where there is a list.
        let isList = [(old, graph.base), (new, graph.revision)].contains { parameter, reader in
            guard let schema = parameter.schema else { return false }
            let types = reader.view(reader.anchor(schema)).types ?? []
            return types.contains("array") || types.contains("object")
        }
        if old.style != new.style, isList || revisionDefinition.version != .swagger2 {
            report(
                "request-parameter-style-changed", "the style changed from '\(old.style)' to '\(new.style)'",
                part: part,
                base: old.node, revision: new.node)
        } else if old.explode != new.explode, isList {
            report(
                "request-parameter-explode-changed",
                new.explode ? "each element is now passed on its own" : "elements are now passed together", part: part,
                base: old.node, revision: new.node)
        }
        if old.allowReserved != new.allowReserved {
            report(
                "request-parameter-allow-reserved-changed", "reserved characters are escaped in another way",
                part: part,
                base: old.node, revision: new.node)
        }
        if old.allowEmptyValue != new.allowEmptyValue {
            report(
                new.allowEmptyValue
                    ? "request-parameter-allow-empty-value-added" : "request-parameter-allow-empty-value-removed",
                new.allowEmptyValue ? "may now be empty" : "may no longer be empty", part: part, base: old.node,
                revision: new.node)
        }
        if old.contentType != new.contentType {
            report(
                "request-parameter-content-type-changed",
                "is written as '\(new.contentType ?? "text")' instead of '\(old.contentType ?? "text")'", part: part,
                base: old.node, revision: new.node)
        }
    }

    private mutating func compareDeprecation(_ old: Parameter, _ new: Parameter, _ part: String) {
        let (was, isNow) = (old.node["deprecated"]?.boolean ?? false, new.node["deprecated"]?.boolean ?? false)
        let (from, to) = (old.node["x-sunset"], new.node["x-sunset"])
        let grace = graceDays(for: Stability(revision.node["x-stability-level"]?.string) ?? .stable)
        func add(_ id: String, _ text: String, _ pair: inout OperationPair) {
            pair.report(id, text, part: part, base: from ?? old.node, revision: to ?? new.node)
        }
        switch (was, isNow) {
        case (false, false): break
        case (true, false): add("request-parameter-reactivated", "is no longer deprecated", &self)
        case (false, true):
            guard let to else {
                if let grace, grace > 0 {
                    add("request-parameter-deprecated-sunset-missing", "is deprecated without a date of its end", &self)
                } else {
                    add("request-parameter-deprecated", "is deprecated", &self)
                }
                return
            }
            guard let day = to.scalarText.flatMap({ CalendarDay($0) }) else {
                add("request-parameter-sunset-parse", "the date of its end cannot be read: \(shortText(to))", &self)
                return
            }
            if let grace, day.number < options.today.number + grace {
                add(
                    "request-parameter-sunset-date-too-small", "ends on \(day), less than \(grace) days from now", &self
                )
            } else {
                add("request-parameter-deprecated", "is deprecated and ends on \(day)", &self)
            }
        case (true, true):
            guard let before = from?.scalarText else { return }
            guard let to else {
                add("request-parameter-sunset-deleted", "the date of its end, '\(before)', is gone", &self)
                return
            }
            guard let day = to.scalarText.flatMap({ CalendarDay($0) }), let earlier = CalendarDay(before) else {
                add("request-parameter-sunset-parse", "the date of its end cannot be read: \(shortText(to))", &self)
                return
            }
            if day < earlier, day.number < options.today.number + (grace ?? 0) {
                add(
                    "request-parameter-sunset-date-changed-too-small",
                    "the date of its end moved from \(earlier) to \(day)", &self)
            }
        }
    }

    fileprivate mutating func reportRemoval(of old: Parameter) {
        let part = "\(old.location.rawValue) parameter '\(old.name)'"
        guard old.node["deprecated"]?.boolean == true else {
            report("request-parameter-removed", "was removed", part: part, base: old.node, revision: revision.keyNode)
            return
        }
        if let sunset = old.node["x-sunset"]?.scalarText {
            guard let day = CalendarDay(sunset) else {
                report(
                    "request-parameter-sunset-parse", "was removed, and its sunset date '\(sunset)' cannot be read",
                    part: part, base: old.node, revision: revision.keyNode)
                return
            }
            if day > options.today {
                report(
                    "request-parameter-removed-before-sunset", "was removed before its sunset date \(day)", part: part,
                    base: old.node, revision: revision.keyNode)
                return
            }
        }
        report(
            "request-parameter-removed-with-deprecation", "was removed, as its deprecation announced", part: part,
            base: old.node, revision: revision.keyNode)
    }

    fileprivate mutating func reportAddition(of new: Parameter) {
        let id: String
        if new.location == .path {
            id = "new-request-path-parameter"
        } else if new.isFromPath {
            id =
                new.isRequired
                ? "new-required-request-default-parameter-to-existing-path"
                : "new-optional-request-default-parameter-to-existing-path"
        } else {
            id = new.isRequired ? "new-required-request-parameter" : "new-optional-request-parameter"
        }
        report(
            id, new.isRequired ? "is new and required" : "is new",
            part: "\(new.location.rawValue) parameter '\(new.name)'",
            base: base.keyNode, revision: new.node)
    }
}
