/// Changes of what values are allowed, in the names that oasdiff uses.
extension ChangeCatalogue {
    static let schemaRows: [ChangeRow] = [
        ChangeRow("added-optional", "{It} is new and may be left out.", "Rb:I/m"),
        ChangeRow("added-required", "{It} is new and must be sent.", "Rb:E/M"),
        ChangeRow("all-of-added", "{It} must meet one more schema of its allOf list.", "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "all-of-added-annotation-only", "{It} has one more allOf member that says nothing about validity.",
            "Rb:I/p Rp:I/p Sb:I/p Sp:I/p"),
        ChangeRow(
            "all-of-removed", "{It} no longer has to meet a schema of its allOf list.",
            "Rb:W/M Rp:W/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "all-of-removed-annotation-only", "{It} lost an allOf member that said nothing about validity.",
            "Rb:I/p Rp:I/p Sb:I/p Sp:I/p"),
        ChangeRow("any-of-added", "{It} may take one more form of its anyOf list.", "Rb:I/m Rp:I/m Sb:I/M Sp:I/M"),
        ChangeRow(
            "any-of-removed", "{It} may no longer take one of the forms of its anyOf list.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "became-enum", "{It} was free and is now one of a closed list of values.",
            "Rb:E/M Ph:E/M Pa:E/M Rp:E/M"),
        ChangeRow(
            "became-not-nullable", "{It} may no longer be null.",
            "Rb:E/M Pa:E/M Pp:E/M Rp:E/M Sb:I/m Sh:I/m Sp:I/m"),
        ChangeRow("became-not-read-only", "{It} is no longer read-only.", "Ro:I/m Rq:I/M So:I/m Sr:I/m"),
        ChangeRow("became-not-write-only", "{It} is no longer write-only.", "Ro:I/p Rq:I/p So:I/m Sr:W/M"),
        ChangeRow("became-nullable", "{It} may now be null.", "Rb:I/m Pa:I/m Pp:I/m Rp:I/m Sb:E/M Sh:E/M Sp:E/M"),
        ChangeRow(
            "became-optional", "{It} was always there and may now be missing.",
            "Rb:I/m Pa:I/m Rp:I/m Sh:E/M Sp:E/M Sw:I/p"),
        ChangeRow(
            "became-read-only", "{It} can no longer be sent, it is now read-only.",
            "Ro:I/M Rq:I/M So:I/m Sr:I/m"),
        ChangeRow("became-required", "{It} may no longer be left out.", "Rb:E/M Ph:E/M Pa:E/M Rp:E/M Sp:I/m Sw:I/p"),
        ChangeRow(
            "became-required-with-default", "{It} may no longer be left out, although it has a default.",
            "Rp:E/M"),
        ChangeRow(
            "became-write-only", "{It} is no longer returned, it is now write-only.",
            "Ro:I/p Rq:I/p So:I/M Sr:I/M"),
        ChangeRow("const-added", "{It} now has one fixed value.", "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("const-changed", "{It} has another fixed value.", "Rb:E/M Rp:E/M Sb:E/M Sp:E/M"),
        ChangeRow("const-removed", "{It} no longer has a fixed value.", "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "contains-added", "{It} must now contain an element of a given form.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "contains-removed", "{It} need no longer contain an element of a given form.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "content-encoding-changed", "The text of {it} is encoded in another way.",
            "Rb:E/M Rp:E/M Sb:E/M Sp:E/M"),
        ChangeRow(
            "content-media-type-changed", "The text of {it} holds another media type.",
            "Rb:E/M Rp:E/M Sb:E/M Sp:E/M"),
        ChangeRow(
            "content-schema-added", "The content inside the text of {it} now has to meet a schema.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "content-schema-removed", "The content inside the text of {it} no longer has to meet a schema.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "default-value-added", "{It} now has a value that counts when it is left out.",
            "Rb:I/m Pa:E/M Rp:I/m Sb:I/p Sp:I/p"),
        ChangeRow(
            "default-value-changed", "Another value counts when {it} is left out.",
            "Rb:I/M Pa:E/M Rp:I/M Sb:I/p Sp:I/p"),
        ChangeRow(
            "default-value-removed", "No value counts any more when {it} is left out.",
            "Rb:I/M Pa:E/M Rp:I/M Sb:I/p Sp:I/p"),
        ChangeRow(
            "dependent-required-added", "When one property of {it} is there, others must now be there too.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "dependent-required-changed", "Which properties of {it} must come together is different.",
            "Rb:E/M Rp:E/M Sb:E/M Sp:E/M"),
        ChangeRow(
            "dependent-required-removed", "Properties of {it} that had to come together need no longer.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "dependent-schema-added", "When one property of {it} is there, a further schema now has to be met.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "dependent-schema-removed", "A schema that counted when one property of {it} was there no longer counts.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "deprecated-sunset-invalid", "{It} is deprecated with a sunset date that cannot be read.",
            "Rp:E/- Sp:E/-"),
        ChangeRow(
            "discriminator-added", "A property now decides which form {it} takes.",
            "Rb:I/M Rp:I/M Sb:I/M Sp:I/M"),
        ChangeRow(
            "discriminator-mapping-added", "The discriminator of {it} knows one more value.",
            "Rb:I/m Rp:I/m Sb:I/m Sp:I/m"),
        ChangeRow(
            "discriminator-mapping-changed", "A discriminator value of {it} now stands for another schema.",
            "Rb:I/M Rp:I/M Sb:I/M Sp:I/M"),
        ChangeRow(
            "discriminator-mapping-deleted", "The discriminator of {it} no longer knows a value.",
            "Rb:I/M Rp:I/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "discriminator-property-name-changed", "Another property decides which form {it} takes.",
            "Rb:I/M Rp:I/M Sb:I/M Sp:I/M"),
        ChangeRow(
            "discriminator-removed", "No property decides any more which form {it} takes.",
            "Rb:I/M Rp:I/M Sb:I/M Sp:I/M"),
        ChangeRow("else-added", "{It} has a new else schema.", "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("else-removed", "{It} lost its else schema.", "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "enum-value-added", "{It} may have one more value of its closed list.",
            "Pa:I/m Pp:I/m Rp:I/m Sp:W/M Sw:I/p"),
        ChangeRow(
            "enum-value-removed", "A value is gone from the closed list of {it}.",
            "Rb:E/M Pa:E/M Pp:E/M Rp:E/M Rr:I/p Sm:I/m Sp:I/m"),
        ChangeRow("exclusive-max-decreased", "{It} must stay below a lower number.", "Rb:E/M Pa:E/M Rp:E/M Rr:I/p"),
        ChangeRow(
            "exclusive-max-increased", "{It} may come up to a higher number.",
            "Rb:I/m Pa:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("exclusive-max-set", "{It} must now stay below a number.", "Rb:W/M Pa:W/M Rp:W/M"),
        ChangeRow(
            "exclusive-min-decreased", "{It} may come down to a lower number.",
            "Rb:I/m Pa:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("exclusive-min-increased", "{It} must stay above a higher number.", "Rb:E/M Pa:E/M Rp:E/M Rr:I/p"),
        ChangeRow("exclusive-min-set", "{It} must now stay above a number.", "Rb:W/M Pa:W/M Rp:W/M"),
        ChangeRow("if-added", "{It} has a new if schema.", "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("if-removed", "{It} lost its if schema.", "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "list-of-types-narrowed", "{It} may have fewer types than before.",
            "Rb:E/M Pa:E/M Pp:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "list-of-types-widened", "{It} may have more types than before.",
            "Rb:I/m Pa:I/m Pp:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "max-contains-decreased", "{It} may hold fewer elements of a given form.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "max-contains-increased", "{It} may hold more elements of a given form.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("max-decreased", "The largest number that {it} may have is lower.", "Rb:E/M Pa:E/M Rp:E/M Rr:I/p"),
        ChangeRow(
            "max-increased", "The largest number that {it} may have is higher.",
            "Rb:I/m Pa:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("max-items-decreased", "{It} may have fewer elements.", "Pa:E/M"),
        ChangeRow("max-items-increased", "{It} may have more elements.", "Pa:I/m"),
        ChangeRow("max-length-decreased", "The text of {it} must be shorter.", "Rb:E/M Pa:E/M Rp:E/M Rr:I/p"),
        ChangeRow("max-length-increased", "The text of {it} may be longer.", "Rb:I/m Pa:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("max-length-set", "The text of {it} now has a largest length.", "Rb:W/M Pa:W/M Rp:W/M"),
        ChangeRow("max-length-unset", "The text of {it} no longer has a largest length.", "Sb:E/M Sp:E/M"),
        ChangeRow("max-set", "{It} now has a largest number.", "Rb:W/M Pa:W/M Rp:W/M"),
        ChangeRow("media-type-added", "{It} comes in one more media type.", "Rb:I/m S:I/m"),
        ChangeRow("media-type-name-changed", "The media type of {it} has other parameters.", "S:I/M"),
        ChangeRow("media-type-name-generalized", "The media type of {it} says less than before.", "S:E/M"),
        ChangeRow("media-type-name-specialized", "The media type of {it} says more than before.", "S:I/m"),
        ChangeRow("media-type-removed", "{It} no longer comes in a media type.", "Rb:E/M S:E/M"),
        ChangeRow("media-type-schema-added", "The content of {it} now has a schema.", "Rb:E/M Sb:I/m"),
        ChangeRow("media-type-schema-removed", "The content of {it} no longer has a schema.", "Rb:I/m Sb:W/M"),
        ChangeRow(
            "min-contains-decreased", "{It} needs fewer elements of a given form.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "min-contains-increased", "{It} needs more elements of a given form.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "min-decreased", "The smallest number that {it} may have is lower.",
            "Rb:I/m Pa:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "min-increased", "The smallest number that {it} may have is higher.",
            "Rb:E/M Pa:E/M Rp:E/M Rr:I/p"),
        ChangeRow(
            "min-items-decreased", "{It} may have fewer elements than it had to have before.",
            "Pa:I/m Sb:E/M Sp:E/M"),
        ChangeRow("min-items-increased", "{It} must have more elements than before.", "Rb:E/M Pa:E/M Rp:E/M"),
        ChangeRow("min-items-set", "{It} now has a smallest number of elements.", "Rb:W/M Pa:W/M Rp:W/M"),
        ChangeRow("min-items-unset", "{It} no longer has a smallest number of elements.", "Sb:E/M Sp:E/M"),
        ChangeRow("min-length-decreased", "The text of {it} may be shorter.", "Rb:I/m Pa:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("min-length-increased", "The text of {it} must be longer.", "Rb:E/M Pa:E/M Rp:E/M"),
        ChangeRow("min-set", "{It} now has a smallest number.", "Rb:W/M Pa:W/M Rp:W/M"),
        ChangeRow("non-success-status-added", "An answer with an error status is newly declared.", "S:I/m"),
        ChangeRow("non-success-status-removed", "An answer with an error status is no longer declared.", "S:I/m"),
        ChangeRow("one-of-added", "{It} may take one more form of its oneOf list.", "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "one-of-removed", "{It} may no longer take one of the forms of its oneOf list.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("pattern-added", "The text of {it} now has to match a pattern.", "Pa:E/M Rp:E/M Sp:I/m"),
        ChangeRow("pattern-changed", "The text of {it} has to match another pattern.", "Pa:W/M Rp:W/M Sp:I/M"),
        ChangeRow("pattern-generalized", "The pattern of {it} now accepts everything.", "Pa:I/m Rp:I/m"),
        ChangeRow(
            "pattern-property-added", "Properties of {it} whose names match a pattern now have to meet a schema.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "pattern-property-removed",
            "Properties of {it} whose names match a pattern no longer have to meet a schema.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("pattern-removed", "The text of {it} no longer has to match a pattern.", "Pa:I/m Rp:I/m Sp:I/M"),
        ChangeRow(
            "prefix-items-added", "{It} has one more described position at its start.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "prefix-items-removed", "{It} has one described position fewer at its start.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "property-names-added", "The names of the properties of {it} now have to meet a schema.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "property-names-removed", "The names of the properties of {it} no longer have to meet a schema.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("removed", "{It} is gone.", "Rb:E/M Pa:W/M Rp:W/M So:W/M Sow:I/p Sr:E/M Srw:I/p"),
        ChangeRow("success-status-added", "An answer with a success status is newly declared.", "S:I/m"),
        ChangeRow("success-status-removed", "An answer with a success status is no longer declared.", "S:E/M"),
        ChangeRow("sunset-deleted", "The announced end of {it} was taken back while it stays deprecated.", "Pa:E/-"),
        ChangeRow("sunset-parse", "The sunset date of {it} cannot be read.", "Pa:E/-"),
        ChangeRow("then-added", "{It} has a new then schema.", "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("then-removed", "{It} lost its then schema.", "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "type-changed", "{It} has another type or format that does not fit the old one.",
            "Rb:E/M Pp:W/M Pa:E/M Rp:E/M Sb:E/M Sh:E/M Sp:E/M"),
        ChangeRow(
            "type-compatible", "{It} has another type that reads the same in its media type.",
            "Rb:I/m Rp:I/m Sb:I/m Sh:I/m Sp:I/m"),
        ChangeRow(
            "type-generalized", "{It} may have a wider type or format.",
            "Rb:I/m Pp:I/m Pa:I/m Rp:I/m Sb:E/M Sh:E/M Sp:E/M"),
        ChangeRow("type-specialized", "{It} has a narrower type or format.", "Pp:E/M Sb:I/m Sh:I/m Sp:I/m"),
        ChangeRow(
            "unevaluated-items-added", "Elements of {it} that no schema describes are now restricted.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "unevaluated-items-removed", "Elements of {it} that no schema describes are no longer restricted.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "unevaluated-properties-added", "Properties of {it} that no schema describes are now restricted.",
            "Rb:E/M Rp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "unevaluated-properties-removed", "Properties of {it} that no schema describes are no longer restricted.",
            "Rb:I/m Rp:I/m Sb:E/M Sp:E/M"),
        ChangeRow(
            "wrapped-in-one-of",
            "{It} became one of several forms, so content that was valid may now fit none or two of them.",
            "Rb:E/M Sb:E/M"),
        ChangeRow("x-extensible-enum-value-removed", "A value is gone from the open list of {it}.", "Pa:E/M Rp:E/M"),
    ]
}
