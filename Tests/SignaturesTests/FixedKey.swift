import Testing

/// A key made for these tests alone, and what OpenSSH 9.2 made with it.
struct FixedKey: Sendable, CustomTestStringConvertible {
    let name: String
    let privateKey: String
    let publicKey: String
    let fingerprint: String
    /// Of ``message`` for ``namespace``, made by `ssh-keygen -Y sign`.
    let signature: String

    static let namespace = "almrun-test"
    static let message = Array("almrun approves of this\n".utf8)

    var testDescription: String { name }

    static let all = [ed25519, ecdsa256, ecdsa384, ecdsa521]

    static let ed25519 = FixedKey(
        name: "ed25519",
        privateKey: """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
            QyNTUxOQAAACBZLt0QM6GaaCsjyHu+5s3/gLLEEhOOod6oNodSVDT5jAAAAJjNCHO2zQhz
            tgAAAAtzc2gtZWQyNTUxOQAAACBZLt0QM6GaaCsjyHu+5s3/gLLEEhOOod6oNodSVDT5jA
            AAAEAweIIRH46tbnbLndGxV2MC6s2B/jpQNqRbykfD+7aY91ku3RAzoZpoKyPIe77mzf+A
            ssQSE46h3qg2h1JUNPmMAAAAEXRlc3Qtb25seSBlZDI1NTE5AQIDBA==
            -----END OPENSSH PRIVATE KEY-----

            """,
        publicKey: """
            ssh-ed25519 \
            AAAAC3NzaC1lZDI1NTE5AAAAIFku3RAzoZpoKyPIe77mzf+AssQSE46h3qg2h1JUNPmM test-only ed25519
            """,
        fingerprint: "SHA256:lQQ0HzNvbuK98EimL5qr4tLCCplqAhzgBHu12Bac0JM",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgWS7dEDOhmmgrI8h7vubN/4CyxB
            ITjqHeqDaHUlQ0+YwAAAALYWxtcnVuLXRlc3QAAAAAAAAABnNoYTUxMgAAAFMAAAALc3No
            LWVkMjU1MTkAAABA2jFurhpkDi4XgzPTD1pWo8zicbnZ+cOLXHA1Zbfd33sQmEIYxRfCg7
            VcUP1xrJjsu34/6Xfmpw4gVt6VWlx5DA==
            -----END SSH SIGNATURE-----

            """)

    static let ecdsa256 = FixedKey(
        name: "ecdsa256",
        privateKey: """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS
            1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQGUiWgnFV5WGhFSnUQwWPYFvizKZX0
            Xw01PW5+9G0auyo8rR2xcVRsz69O55JSaYr8Fe5WEcBrmw2++sDHnnraAAAAsDtVipE7VY
            qRAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAZSJaCcVXlYaEVK
            dRDBY9gW+LMplfRfDTU9bn70bRq7KjytHbFxVGzPr07nklJpivwV7lYRwGubDb76wMeeet
            oAAAAgQn5VGSQvJ2qQulNO8kMjaFtQJMS+lW53IAhAMOnS3ncAAAASdGVzdC1vbmx5IGVj
            ZHNhMjU2AQIDBAUG
            -----END OPENSSH PRIVATE KEY-----

            """,
        publicKey: """
            ecdsa-sha2-nistp256 \
            AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAZSJaCcVXlYaEVKdRDBY9gW+LMplfRfDTU9bn70bRq7KjytHbFxVGzPr07nklJpivwV7lYRwGubDb76wMeeeto= test-only ecdsa256
            """,
        fingerprint: "SHA256:/XmdPlJp6E0Zteev0Izq8G0yVkuyCsCT4SiCBp3qj8E",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
            EEBlIloJxVeVhoRUp1EMFj2Bb4symV9F8NNT1ufvRtGrsqPK0dsXFUbM+vTueSUmmK/BXu
            VhHAa5sNvvrAx5562gAAAAthbG1ydW4tdGVzdAAAAAAAAAAGc2hhNTEyAAAAZAAAABNlY2
            RzYS1zaGEyLW5pc3RwMjU2AAAASQAAACBTw7iS8rlhL2TY5bRprlV8+OuCxjqjpalQvdmN
            we80OgAAACEAkfdqAZ7WJMwCUaBMQMsFyPEzExqB2DyqBqSvrAWlV8s=
            -----END SSH SIGNATURE-----

            """)

    static let ecdsa384 = FixedKey(
        name: "ecdsa384",
        privateKey: """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAiAAAABNlY2RzYS
            1zaGEyLW5pc3RwMzg0AAAACG5pc3RwMzg0AAAAYQThxmyyGgcl6fQetAoElhJYo3CcZOxS
            PWZhb1PCqadDISZCa8t1yR3pm01p5H6oPfUgqdVtG6ljGr+N5lbLaOVIjYz9JMiOVH3oS8
            FHes2d73/5RU9EHN41V0J4Ag4xXLoAAADgHAVnlhwFZ5YAAAATZWNkc2Etc2hhMi1uaXN0
            cDM4NAAAAAhuaXN0cDM4NAAAAGEE4cZsshoHJen0HrQKBJYSWKNwnGTsUj1mYW9TwqmnQy
            EmQmvLdckd6ZtNaeR+qD31IKnVbRupYxq/jeZWy2jlSI2M/STIjlR96EvBR3rNne9/+UVP
            RBzeNVdCeAIOMVy6AAAAMQDOP001cnXICV4V3ZYfvWJS4JACeFBInme/X+Q2qaFErKtqYn
            7b0eBimnHTfaNw3R0AAAASdGVzdC1vbmx5IGVjZHNhMzg0AQIDBAU=
            -----END OPENSSH PRIVATE KEY-----

            """,
        publicKey: """
            ecdsa-sha2-nistp384 \
            AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBOHGbLIaByXp9B60CgSWElijcJxk7FI9ZmFvU8Kpp0MhJkJry3XJHembTWnkfqg99SCp1W0bqWMav43mVsto5UiNjP0kyI5UfehLwUd6zZ3vf/lFT0Qc3jVXQngCDjFcug== test-only ecdsa384
            """,
        fingerprint: "SHA256:SU+K4NqZaMaqE/jhmC8t5F96+cw7GTjBQL5l/uW0fXc",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAIgAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAG
            EE4cZsshoHJen0HrQKBJYSWKNwnGTsUj1mYW9TwqmnQyEmQmvLdckd6ZtNaeR+qD31IKnV
            bRupYxq/jeZWy2jlSI2M/STIjlR96EvBR3rNne9/+UVPRBzeNVdCeAIOMVy6AAAAC2FsbX
            J1bi10ZXN0AAAAAAAAAAZzaGE1MTIAAACEAAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAABp
            AAAAMEYV1xT7zyRKMwfS8o2XY1kYX1DZJCHUcpEJ/3265IaIFCv/3eC6kQkB59Un6ClFmw
            AAADEAkuo1GjH+DbO1sh+G3iVelHFETHplEmEdqvrKTAgzFUBSiDMcEvGAkawpRYzLzNgi
            -----END SSH SIGNATURE-----

            """)

    static let ecdsa521 = FixedKey(
        name: "ecdsa521",
        privateKey: """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAArAAAABNlY2RzYS
            1zaGEyLW5pc3RwNTIxAAAACG5pc3RwNTIxAAAAhQQBaTp/yONTQ+tX3vxak+wNmaN0ZtI5
            kPhVgjrnyif25VohJrUSnWy5jlErJiWgTNwttJ/2dwlBHhzClg7/tsPFRUMAFcQSJm/cZu
            VcBH/2JZK6/dCOqVFekqJr9s0h6xwYiiojrErB7pVt5b/C5Tr1vVbdhJTyhptG2GsViBlE
            3PNv2N8AAAEQY7Ql0mO0JdIAAAATZWNkc2Etc2hhMi1uaXN0cDUyMQAAAAhuaXN0cDUyMQ
            AAAIUEAWk6f8jjU0PrV978WpPsDZmjdGbSOZD4VYI658on9uVaISa1Ep1suY5RKyYloEzc
            LbSf9ncJQR4cwpYO/7bDxUVDABXEEiZv3GblXAR/9iWSuv3QjqlRXpKia/bNIescGIoqI6
            xKwe6VbeW/wuU69b1W3YSU8oabRthrFYgZRNzzb9jfAAAAQgGYAOvKhWMXPxwvRufqxPBP
            kpu+kwxQ+kt1Dv1+WrvOdEEh4/LwJ2m8eHSu2vIV6Yn2gpRNKQra3WXEMFr/zl+eOAAAAB
            J0ZXN0LW9ubHkgZWNkc2E1MjE=
            -----END OPENSSH PRIVATE KEY-----

            """,
        publicKey: """
            ecdsa-sha2-nistp521 \
            AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAFpOn/I41ND61fe/FqT7A2Zo3Rm0jmQ+FWCOufKJ/blWiEmtRKdbLmOUSsmJaBM3C20n/Z3CUEeHMKWDv+2w8VFQwAVxBImb9xm5VwEf/Ylkrr90I6pUV6Somv2zSHrHBiKKiOsSsHulW3lv8LlOvW9Vt2ElPKGm0bYaxWIGUTc82/Y3w== test-only ecdsa521
            """,
        fingerprint: "SHA256:HQmnCRgaFNwMpmPtpJzqAbyS87XREQoEY737KFcPqmY",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAKwAAAATZWNkc2Etc2hhMi1uaXN0cDUyMQAAAAhuaXN0cDUyMQAAAI
            UEAWk6f8jjU0PrV978WpPsDZmjdGbSOZD4VYI658on9uVaISa1Ep1suY5RKyYloEzcLbSf
            9ncJQR4cwpYO/7bDxUVDABXEEiZv3GblXAR/9iWSuv3QjqlRXpKia/bNIescGIoqI6xKwe
            6VbeW/wuU69b1W3YSU8oabRthrFYgZRNzzb9jfAAAAC2FsbXJ1bi10ZXN0AAAAAAAAAAZz
            aGE1MTIAAACmAAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAACLAAAAQgDi8ByIhFG37kk161
            iQsqb9Wuk44J98Pz4hmuCZns58G8b3ftEHrUySNKLp+exAuqcVroYTSmiGNM8RH6bkqJyw
            vgAAAEENG6UdbSMwNqz0w+bZwhYuDPoQSSF/4JSwoA6upLtsx30NiG1hdyaW8sYvSS8Lgb
            Jvv+b936Q4+6Xb40ptuxFp6g==
            -----END SSH SIGNATURE-----

            """)

    /// The same message and key as ``ed25519``, hashed with SHA-256.
    static let ed25519SHA256 = """
        -----BEGIN SSH SIGNATURE-----
        U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgWS7dEDOhmmgrI8h7vubN/4CyxB
        ITjqHeqDaHUlQ0+YwAAAALYWxtcnVuLXRlc3QAAAAAAAAABnNoYTI1NgAAAFMAAAALc3No
        LWVkMjU1MTkAAABAh1uJPJ4Js3o2bzNYcrNZQHEVugKqvbmDqIWMOf8ZdL049b5n6SSHbN
        YvklawZUn0Gs6JjXBGG4W3k0UDgsLmDw==
        -----END SSH SIGNATURE-----

        """

    /// The passphrase is `test-only passphrase`.
    static let locked = """
        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDe1OIcb4
        6qe5etZJd21I7/AAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIIaFwcM2T41oXfAn
        Gs03AJ+3NtEhgVD/0mn8U7B52Vh0AAAAoGG98dhEcDGXEEyfV4dxmejEUHEORfUrOPaCQ8
        7QinvLmYsdxnEchm0GcW/Iv6F9HiQxI7Gk09HN6qgCDi2v8WtsJc55rfe8hLhKXqGbZ8u/
        N++pvgpOX6JG2n+yAcxQjw1yaEjdF//kpFZJhDKOZbmmPCzDkOgQQvqej55ResmNkvdL1W
        Qe3gA/9xwNGCoe9KdNTsPArgngqnFFHDnNT6k=
        -----END OPENSSH PRIVATE KEY-----

        """

    static let lockedPublic = """
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIaFwcM2T41oXfAnGs03AJ+3NtEhgVD/0mn8U7B52Vh0
        """
}
