import Testing

@testable import Signatures

@Suite struct SSHSignatureTests {}
