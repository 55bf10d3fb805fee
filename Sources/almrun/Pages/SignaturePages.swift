/// Codes of keys, signatures and secrets.
enum SignaturePages {
    static var all: [CodeEntry] { signatures + secrets }

    private static let signatures: [CodeEntry] = [
        CodeEntry(
            "signature/key-file", "The file given with '--sign' is no private key that can be used.",
            when: "It cannot be read, is too large, is another kind of file, or is a PEM key that is encrypted.",
            mend:
                "Give a private key such as '~/.ssh/id_ed25519'; `ssh-keygen -p -f KEY` brings a key into the form of "
                + "OpenSSH."),
        CodeEntry(
            "signature/key", "The text is no SSH public key.",
            mend: "Give the one line of the '.pub' file: 'ssh-ed25519 AAAA...'."),
        CodeEntry(
            "signature/key-type", "Keys of that kind are not accepted.",
            when: "Ed25519 and ECDSA keys are; RSA, DSA, security tokens and certificates are not.",
            mend: "`ssh-keygen -t ed25519` makes a key; put its '.pub' line into 'environments/roles.yaml'."),
        CodeEntry(
            "signature/key-exposed", "Others than you may open the private key's file.",
            mend: "`chmod 600 KEY`, and make a new key if somebody may have read it."),
        CodeEntry(
            "signature/key-not-held", "ssh-agent must sign, and it does not hold that key.",
            when: "The key has a passphrase, or its '.pub' file was given.",
            mend: "`ssh-add KEY`, then give the command again."),
        CodeEntry(
            "signature/no-agent", "ssh-agent must sign, and it cannot be reached.",
            when: "SSH_AUTH_SOCK is not set, or nothing listens there.",
            mend: "`eval $(ssh-agent)` and `ssh-add KEY`; or give a private key without a passphrase."),
        CodeEntry(
            "signature/agent", "What listens at SSH_AUTH_SOCK does not answer as an ssh-agent does.",
            mend: "Look where SSH_AUTH_SOCK leads; `ssh-add -l` must work."),
        CodeEntry(
            "signature/agent-refused", "ssh-agent refused to sign or to list its keys.",
            when: "It is locked, the key was removed, or its use was not confirmed.",
            mend: "`ssh-add -l` shows what it holds; unlock it or confirm, and try again."),
        CodeEntry(
            "signature/agent-timeout", "ssh-agent did not answer in time.",
            mend: "Look whether it waits for you to confirm; else start another: `eval $(ssh-agent)`."),
        CodeEntry(
            "signature/failed", "The key could not sign, or its signature does not hold.",
            mend: "Try another key; a key on which `ssh-keygen -Y sign` fails too is broken."),
        CodeEntry(
            "signature/format", "The text is no well-formed SSH signature or key.",
            when: "It was cut off, changed, or is of another kind.",
            mend: "Sign anew: `almrun approve RUN STAGE --sign KEY`."),
        CodeEntry(
            "signature/namespace", "The signature was made for another purpose.",
            mend:
                "Sign anew with `almrun approve RUN STAGE --sign KEY`; a signature made for something else never counts."
        ),
        CodeEntry(
            "signature/forged", "The signature is not one of that key over that text.",
            when: "The text or the signature was changed after signing.",
            mend: "Sign anew; if nobody should have changed it, `almrun verify RUN` says what else was."),
    ]

    private static let secrets: [CodeEntry] = [
        CodeEntry(
            "secret/missing", "A secret has no value.",
            mend:
                "Set it in the environment of the process (`export NAME=...`), or in the file that 'secretsFile' of the "
                + "environment names; then `almrun resume RUN`."),
        CodeEntry(
            "secret/not-meant", "A text asks for a secret that neither the stage nor its environment's file names.",
            when: "The '${{ secrets.NAME }}' came from elsewhere, such as a package or an output.",
            mend: "If it is meant, name the secret in the stage or in the environment's file; else find where the text "
                + "comes from."),
        CodeEntry(
            "secret/file", "The secrets file cannot be read, or a line of it is not NAME=value.",
            mend: "Look at the path under 'secretsFile' of the environment, and at the line that the message numbers."),
    ]
}
