/// Changes of what values are allowed that oasdiff does not report, in names of the same making.
extension ChangeCatalogue {
    static let ownRows: [ChangeRow] = [
        ChangeRow(
            "additional-properties-closed", "{It} no longer accepts properties that are not described.",
            "Rb:E/M Rp:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "additional-properties-opened", "{It} may now hold properties that are not described.",
            "Rb:I/m Rp:I/m Pp:I/m Sb:I/m Sp:I/m"),
        ChangeRow(
            "additional-properties-schema-added",
            "Properties of {it} that are not described now have to meet a schema.",
            "Rb:E/M Rp:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "additional-properties-schema-removed",
            "Properties of {it} that are not described no longer have to meet a schema.",
            "Rb:I/m Rp:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow("allow-empty-value-removed", "{It} may no longer be empty.", "Pa:E/M Rp:E/M"),
        ChangeRow("allow-empty-value-added", "{It} may now be empty.", "Pa:I/m Rp:I/m"),
        ChangeRow("allow-reserved-changed", "Reserved characters in {it} are written in another way.", "Pa:W/M"),
        ChangeRow("content-type-changed", "The value of {it} is written in another media type.", "Pa:E/M"),
        ChangeRow(
            "enum-opened", "{It} was one of a closed list of values and is now free.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow("max-items-decreased", "{It} may have fewer elements.", "Rb:E/M Rp:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("max-items-increased", "{It} may have more elements.", "Rb:I/m Rp:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "max-items-set", "{It} now has a largest number of elements.",
            "Rb:W/M Rp:W/M Pa:W/M Pp:W/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "max-items-unset", "{It} no longer has a largest number of elements.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "max-properties-decreased", "{It} may have fewer properties.",
            "Rb:E/M Rp:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("max-properties-increased", "{It} may have more properties.", "Rb:I/m Rp:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "max-properties-set", "{It} now has a largest number of properties.",
            "Rb:W/M Rp:W/M Pp:W/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "max-properties-unset", "{It} no longer has a largest number of properties.",
            "Rb:I/m Rp:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "min-properties-decreased", "{It} may have fewer properties than it had to have before.",
            "Rb:I/m Rp:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "min-properties-increased", "{It} must have more properties than before.",
            "Rb:E/M Rp:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "min-properties-set", "{It} now has a smallest number of properties.",
            "Rb:W/M Rp:W/M Pp:W/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "min-properties-unset", "{It} no longer has a smallest number of properties.",
            "Rb:I/m Rp:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "max-unset", "{It} no longer has a largest number.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "min-unset", "{It} no longer has a smallest number.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "exclusive-max-unset", "{It} need no longer stay below a number.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "exclusive-min-unset", "{It} need no longer stay above a number.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "max-length-unset", "The text of {it} no longer has a largest length.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sh:E/M"),
        ChangeRow(
            "min-length-set", "The text of {it} now has a smallest length.",
            "Rb:W/M Rp:W/M Pa:W/M Pp:W/M Sb:I/m Sp:I/m Sh:I/m"),
        ChangeRow(
            "min-length-unset", "The text of {it} no longer has a smallest length.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "min-items-unset", "{It} no longer has a smallest number of elements.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m"),
        ChangeRow(
            "min-items-decreased", "{It} may have fewer elements than it had to have before.",
            "Rb:I/m Rp:I/m Pp:I/m"),
        ChangeRow("min-items-increased", "{It} must have more elements than before.", "Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow("min-items-set", "{It} now has a smallest number of elements.", "Pp:W/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "multiple-of-set", "{It} must now be a multiple of a number.",
            "Rb:E/M Rp:E/M Pa:E/M Pp:E/M Sb:I/m Sp:I/m Sh:I/m"),
        ChangeRow(
            "multiple-of-changed", "{It} must be a multiple of another number.",
            "Rb:E/M Rp:E/M Pa:E/M Pp:E/M Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "multiple-of-unset", "{It} need no longer be a multiple of a number.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "unique-items-set", "The elements of {it} must now all differ.",
            "Rb:E/M Rp:E/M Pa:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "unique-items-unset", "The elements of {it} may now repeat.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow("not-added", "{It} must now differ from a schema.", "Rb:E/M Rp:E/M Pa:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "not-removed", "{It} need no longer differ from a schema.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:W/M Sp:W/M"),
        ChangeRow(
            "not-changed", "{It} must differ from another schema.",
            "Rb:W/M Rp:W/M Pa:W/M Pp:W/M Sb:W/M Sp:W/M"),
        ChangeRow(
            "schema-forbidden", "No value is allowed for {it} any more.",
            "Rb:E/M Rp:E/M Pa:E/M Pp:E/M Sb:W/M Sp:W/M Sh:W/M"),
        ChangeRow(
            "wrapped-in-one-of",
            "{It} became one of several forms, so content that was valid may now fit none or two of them.",
            "Rp:E/M Pa:E/M Pp:E/M Sp:E/M"),
        ChangeRow(
            "items-added", "The elements of {it} now have to meet a schema.",
            "Rb:E/M Rp:E/M Pa:E/M Pp:E/M Sb:I/m Sp:I/m"),
        ChangeRow(
            "items-removed", "The elements of {it} no longer have to meet a schema.",
            "Rb:I/m Rp:I/m Pa:I/m Pp:I/m Sb:E/M Sp:E/M"),
        ChangeRow("style-changed", "{It} is written in another way.", "Pa:E/M Sh:E/M"),
        ChangeRow("explode-changed", "The elements of {it} are joined in another way.", "Pa:E/M Sh:E/M"),
        ChangeRow("all-of-added", "{It} must meet one more schema of its allOf list.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "all-of-added-annotation-only", "{It} has one more allOf member that says nothing about validity.",
            "Pp:I/p Pa:I/p Sh:I/p"),
        ChangeRow("all-of-removed", "{It} no longer has to meet a schema of its allOf list.", "Pp:W/M Pa:W/M Sh:I/m"),
        ChangeRow(
            "all-of-removed-annotation-only", "{It} lost an allOf member that said nothing about validity.",
            "Pp:I/p Pa:I/p Sh:I/p"),
        ChangeRow("any-of-added", "{It} may take one more form of its anyOf list.", "Pp:I/m Pa:I/m Sh:I/M"),
        ChangeRow(
            "any-of-removed", "{It} may no longer take one of the forms of its anyOf list.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("became-enum", "{It} was free and is now one of a closed list of values.", "Pp:E/M"),
        ChangeRow("const-added", "{It} now has one fixed value.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("const-changed", "{It} has another fixed value.", "Pp:E/M Pa:E/M Sh:E/M"),
        ChangeRow("const-removed", "{It} no longer has a fixed value.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("contains-added", "{It} must now contain an element of a given form.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "contains-removed", "{It} need no longer contain an element of a given form.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("content-encoding-changed", "The text of {it} is encoded in another way.", "Pp:E/M Pa:E/M Sh:E/M"),
        ChangeRow("content-media-type-changed", "The text of {it} holds another media type.", "Pp:E/M Pa:E/M Sh:E/M"),
        ChangeRow(
            "content-schema-added", "The content inside the text of {it} now has to meet a schema.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "content-schema-removed", "The content inside the text of {it} no longer has to meet a schema.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("default-value-added", "{It} now has a value that counts when it is left out.", "Pp:I/m Sh:I/p"),
        ChangeRow("default-value-changed", "Another value counts when {it} is left out.", "Pp:I/M Sh:I/p"),
        ChangeRow("default-value-removed", "No value counts any more when {it} is left out.", "Pp:I/M Sh:I/p"),
        ChangeRow(
            "dependent-required-added", "When one property of {it} is there, others must now be there too.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "dependent-required-changed", "Which properties of {it} must come together is different.",
            "Pp:E/M Pa:E/M Sh:E/M"),
        ChangeRow(
            "dependent-required-removed", "Properties of {it} that had to come together need no longer.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow(
            "dependent-schema-added", "When one property of {it} is there, a further schema now has to be met.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "dependent-schema-removed", "A schema that counted when one property of {it} was there no longer counts.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("discriminator-added", "A property now decides which form {it} takes.", "Pp:I/M Pa:I/M Sh:I/M"),
        ChangeRow(
            "discriminator-mapping-added", "The discriminator of {it} knows one more value.",
            "Pp:I/m Pa:I/m Sh:I/m"),
        ChangeRow(
            "discriminator-mapping-changed", "A discriminator value of {it} now stands for another schema.",
            "Pp:I/M Pa:I/M Sh:I/M"),
        ChangeRow(
            "discriminator-mapping-deleted", "The discriminator of {it} no longer knows a value.",
            "Pp:I/M Pa:I/M Sh:I/m"),
        ChangeRow(
            "discriminator-property-name-changed", "Another property decides which form {it} takes.",
            "Pp:I/M Pa:I/M Sh:I/M"),
        ChangeRow(
            "discriminator-removed", "No property decides any more which form {it} takes.",
            "Pp:I/M Pa:I/M Sh:I/M"),
        ChangeRow("else-added", "{It} has a new else schema.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("else-removed", "{It} lost its else schema.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("enum-value-added", "{It} may have one more value of its closed list.", "Sh:W/M Rb:I/m Sb:W/M"),
        ChangeRow("enum-value-removed", "A value is gone from the closed list of {it}.", "Sh:I/m"),
        ChangeRow("exclusive-max-decreased", "{It} must stay below a lower number.", "Pp:E/M"),
        ChangeRow("exclusive-max-increased", "{It} may come up to a higher number.", "Pp:I/m Sh:E/M"),
        ChangeRow("exclusive-max-set", "{It} must now stay below a number.", "Pp:W/M"),
        ChangeRow("exclusive-min-decreased", "{It} may come down to a lower number.", "Pp:I/m Sh:E/M"),
        ChangeRow("exclusive-min-increased", "{It} must stay above a higher number.", "Pp:E/M"),
        ChangeRow("exclusive-min-set", "{It} must now stay above a number.", "Pp:W/M"),
        ChangeRow("if-added", "{It} has a new if schema.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("if-removed", "{It} lost its if schema.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("list-of-types-narrowed", "{It} may have fewer types than before.", "Sh:I/m"),
        ChangeRow("list-of-types-widened", "{It} may have more types than before.", "Sh:E/M"),
        ChangeRow("max-contains-decreased", "{It} may hold fewer elements of a given form.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("max-contains-increased", "{It} may hold more elements of a given form.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("max-decreased", "The largest number that {it} may have is lower.", "Pp:E/M"),
        ChangeRow("max-increased", "The largest number that {it} may have is higher.", "Pp:I/m Sh:E/M"),
        ChangeRow("max-length-decreased", "The text of {it} must be shorter.", "Pp:E/M"),
        ChangeRow("max-length-increased", "The text of {it} may be longer.", "Pp:I/m Sh:E/M"),
        ChangeRow("max-length-set", "The text of {it} now has a largest length.", "Pp:W/M"),
        ChangeRow("max-set", "{It} now has a largest number.", "Pp:W/M"),
        ChangeRow("min-contains-decreased", "{It} needs fewer elements of a given form.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("min-contains-increased", "{It} needs more elements of a given form.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("min-decreased", "The smallest number that {it} may have is lower.", "Pp:I/m Sh:E/M"),
        ChangeRow("min-increased", "The smallest number that {it} may have is higher.", "Pp:E/M"),
        ChangeRow("min-items-decreased", "{It} may have fewer elements than it had to have before.", "Sh:E/M"),
        ChangeRow("min-items-unset", "{It} no longer has a smallest number of elements.", "Sh:E/M"),
        ChangeRow("min-length-decreased", "The text of {it} may be shorter.", "Pp:I/m Sh:E/M"),
        ChangeRow("min-length-increased", "The text of {it} must be longer.", "Pp:E/M"),
        ChangeRow("min-set", "{It} now has a smallest number.", "Pp:W/M"),
        ChangeRow("one-of-added", "{It} may take one more form of its oneOf list.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow(
            "one-of-removed", "{It} may no longer take one of the forms of its oneOf list.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("pattern-added", "The text of {it} now has to match a pattern.", "Pp:E/M Sh:I/m Rb:E/M Sb:I/m"),
        ChangeRow("pattern-changed", "The text of {it} has to match another pattern.", "Pp:W/M Sh:I/M Rb:W/M Sb:I/M"),
        ChangeRow("pattern-generalized", "The pattern of {it} now accepts everything.", "Pp:I/m Rb:I/m"),
        ChangeRow(
            "pattern-property-added", "Properties of {it} whose names match a pattern now have to meet a schema.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "pattern-property-removed",
            "Properties of {it} whose names match a pattern no longer have to meet a schema.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow(
            "pattern-removed", "The text of {it} no longer has to match a pattern.",
            "Pp:I/m Sh:I/M Rb:I/m Sb:I/M"),
        ChangeRow("prefix-items-added", "{It} has one more described position at its start.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow(
            "prefix-items-removed", "{It} has one described position fewer at its start.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "property-names-added", "The names of the properties of {it} now have to meet a schema.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "property-names-removed", "The names of the properties of {it} no longer have to meet a schema.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("then-added", "{It} has a new then schema.", "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow("then-removed", "{It} lost its then schema.", "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow(
            "unevaluated-items-added", "Elements of {it} that no schema describes are now restricted.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "unevaluated-items-removed", "Elements of {it} that no schema describes are no longer restricted.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow(
            "unevaluated-properties-added", "Properties of {it} that no schema describes are now restricted.",
            "Pp:E/M Pa:E/M Sh:I/m"),
        ChangeRow(
            "unevaluated-properties-removed", "Properties of {it} that no schema describes are no longer restricted.",
            "Pp:I/m Pa:I/m Sh:E/M"),
        ChangeRow("x-extensible-enum-value-removed", "A value is gone from the open list of {it}.", "Pp:E/M Rb:E/M"),
    ]
}
