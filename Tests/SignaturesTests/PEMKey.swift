/// Keys in the forms of OpenSSL, made for these tests alone.
enum PEMKey {
    static let ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIN2j7Ou3ADpxm62rNiceL30vrAH+gVCMjxKVeTiRj17P
        -----END PRIVATE KEY-----

        """

    static let sec1P256 = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIMaenmIAG25/QmV2WxY+4xsOqqDg/ElkmkAcH1pbeNogoAoGCCqGSM49
        AwEHoUQDQgAEyfcEf9vH+99YoUy+KXpYzBpC4KXEuyc7HjYuiRpztHL9sXJkAVLj
        xFdbS0rty44ESEC3rhlhzb5KXBCOQKHMLw==
        -----END EC PRIVATE KEY-----

        """

    static let pkcs8P256 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxp6eYgAbbn9CZXZb
        Fj7jGw6qoOD8SWSaQBwfWlt42iChRANCAATJ9wR/28f731ihTL4peljMGkLgpcS7
        JzseNi6JGnO0cv2xcmQBUuPEV1tLSu3LjgRIQLeuGWHNvkpcEI5Aocwv
        -----END PRIVATE KEY-----

        """

    static let sec1P384 = """
        -----BEGIN EC PRIVATE KEY-----
        MIGkAgEBBDAGYILHWYsfrpKSQGlbxYpDci23zOC9s6qGzcfbkhWl+JHrgU1lCxFM
        /rkPMoYV/HKgBwYFK4EEACKhZANiAAQYjRbHWXAdrqK9LP0KSaBtnq9Q5WNhZm11
        Tt+wcnRQxemCASZHt5oDCKVwuvaKOOv/czfmx9CrE/4n2N32Hb4tJPbtnmC6Mg4m
        4MITKi29diR/Iyz6hA7JHEKMn8jZ9Xg=
        -----END EC PRIVATE KEY-----

        """

    static let pkcs8P384 = """
        -----BEGIN PRIVATE KEY-----
        MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAGYILHWYsfrpKSQGlb
        xYpDci23zOC9s6qGzcfbkhWl+JHrgU1lCxFM/rkPMoYV/HKhZANiAAQYjRbHWXAd
        rqK9LP0KSaBtnq9Q5WNhZm11Tt+wcnRQxemCASZHt5oDCKVwuvaKOOv/czfmx9Cr
        E/4n2N32Hb4tJPbtnmC6Mg4m4MITKi29diR/Iyz6hA7JHEKMn8jZ9Xg=
        -----END PRIVATE KEY-----

        """

    static let sec1P521 = """
        -----BEGIN EC PRIVATE KEY-----
        MIHcAgEBBEIA5IXZiXD9F1r2odG4FQfEn9QQ7zo9jCjcx9rupRf1N2A7gpItiHTP
        Z3NRI35fYQqp0I3fp+jDpPLGSdkigvYwLpigBwYFK4EEACOhgYkDgYYABAA2ZbAF
        ffPpaDSR0m8AD9h7MfC5NRdOzHWtQIM9IdTh2k5w1eJRYmigbCTmOprBfiUgyD/1
        UtLYYdheNiTWb3PS9gBtOsEsU+Po8ivAtvxYSzNWIcK+tiyRjDTPEkLIFaWeQKwj
        WCOfyRzPdfQUjaPwPqCOSZnhdhenZJcrQg8xgZn0WQ==
        -----END EC PRIVATE KEY-----

        """

    static let pkcs8P521 = """
        -----BEGIN PRIVATE KEY-----
        MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIA5IXZiXD9F1r2odG4
        FQfEn9QQ7zo9jCjcx9rupRf1N2A7gpItiHTPZ3NRI35fYQqp0I3fp+jDpPLGSdki
        gvYwLpihgYkDgYYABAA2ZbAFffPpaDSR0m8AD9h7MfC5NRdOzHWtQIM9IdTh2k5w
        1eJRYmigbCTmOprBfiUgyD/1UtLYYdheNiTWb3PS9gBtOsEsU+Po8ivAtvxYSzNW
        IcK+tiyRjDTPEkLIFaWeQKwjWCOfyRzPdfQUjaPwPqCOSZnhdhenZJcrQg8xgZn0
        WQ==
        -----END PRIVATE KEY-----

        """

    static let encryptedSEC1 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,C7E430E98ED492C634EC62CB04DD1F74

        YZPrPK5Ez43oczMm71nbP9VGiBmuZFVQxgoGLd3qVoXHc4SlcYI98xVOHfyUZ6n1
        kSsvrgJz9k3n0L+QeYQn7LcqM5po5j9ThlIhB30OCmaCCf5WWR/2+p8Zc6UYMTtf
        LJ79TdFKcNqpr5QmsEEV2eTo8jASndQWJpvb6MVtPks=
        -----END EC PRIVATE KEY-----

        """

    static let encryptedPKCS8 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgzDvddJ5prxAICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEEeHTU/9UALRU/SYYdEp8oYEgZDP
        c/deZ+FDRA/0ItlUerv9R0/0/l1pgh6NqNh0PYxZRTepGK23wow1KWvBftCrz0dq
        spbKvddW8ByGFUam4+oCz+XCw9AAoPadxz4fXO08qt7iPAKg25BScmMWgtpUaL4E
        lMbhmeGGpy6/tpdF09ecG1PJhQQ9uo0CsC1QKYo+F+O2hnKLJcne1N+021cnH1E=
        -----END ENCRYPTED PRIVATE KEY-----

        """
}
