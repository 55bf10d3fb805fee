import OpenAPI

/// Which media types of two lists belong together.
struct MediaMatching {
    /// The same name on both sides.
    private(set) var pairs: [(Media, Media)] = []
    /// A name that says more, less, or has other parameters.
    private(set) var related: [(Media, Media)] = []
    private(set) var removed: [Media] = []
    private(set) var added: [Media]

    init(_ base: [Media], _ revision: [Media]) {
        added = revision
        for media in base {
            let name = MediaTypeName(media.type)
            if let index = added.firstIndex(where: { MediaTypeName($0.type) == name }) {
                pairs.append((media, added.remove(at: index)))
            } else {
                removed.append(media)
            }
        }
        var related: [(Media, Media)] = []
        var rest = added
        removed.removeAll { media in
            let name = MediaTypeName(media.type)
            let index = rest.firstIndex { name.relation(to: MediaTypeName($0.type)) != .different }
            guard let index else { return false }
            related.append((media, rest.remove(at: index)))
            return true
        }
        self.related = related
        added = rest
    }
}
