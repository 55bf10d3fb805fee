internal import CLibYAML

extension Document {
    /// The libyaml that is linked, such as `0.2.5`.
    public static var yamlVersion: String { String(cString: yaml_get_version_string()) }
}
