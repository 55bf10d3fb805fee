/// Which steps of a plan need which; a need has a smaller number than what needs it.
struct Graph {
    var name: String
    var needs: [[Int]]

    var count: Int { needs.count }

    /// One step after the other.
    static func chain(_ count: Int) -> Graph {
        Graph(name: "chain of \(count)", needs: (0..<count).map { $0 > 0 ? [$0 - 1] : [] })
    }

    /// Layers in which each step needs some of the layer before.
    static func layered(_ layers: Int, _ width: Int, edges: Int) -> Graph {
        Graph(
            name: "\(layers) layers of \(width), \(edges) needs each",
            needs: (0..<(layers * width)).map { number in
                let layer = number / width
                return layer == 0 ? [] : (0..<edges).map { (layer - 1) * width + (number * 7 + $0 * 31) % width }
            })
    }
}
