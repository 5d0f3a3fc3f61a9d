// The request schemas, inside the binary; sandbox/schemas.cpp reads them.
        .section .rodata
        .balign 16
        .global sojourn_sandbox_schemas_begin
        .global sojourn_sandbox_schemas_end
sojourn_sandbox_schemas_begin:
        .incbin "sandbox/schemas/iterable.json"
sojourn_sandbox_schemas_end:
        .byte 0
        .section .note.GNU-stack,"",@progbits
