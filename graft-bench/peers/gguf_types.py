#!/usr/bin/env python3
"""Writes a GGUF file again with all matrices in one type, so that every program reads the same weights.

usage: gguf_types.py IN.gguf OUT.gguf F16|Q8_0      needs: gguf, numpy

Matrices are dequantised and stored in the type named; vectors become F32. Metadata is taken over, except for the file type.
"""
import sys

import gguf
import numpy

FILE_TYPES = {"F16": gguf.LlamaFileType.MOSTLY_F16, "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0}

if len(sys.argv) != 4 or sys.argv[3] not in FILE_TYPES:
    sys.exit(__doc__)
source, target, kind = sys.argv[1:]
reader = gguf.GGUFReader(source)
arch = reader.fields["general.architecture"].contents()
writer = gguf.GGUFWriter(target, arch)
for field in reader.fields.values():
    # The writer sets these itself.
    if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
        continue
    inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=inner)
writer.add_file_type(FILE_TYPES[kind])
for tensor in reader.tensors:
    values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
    chosen = gguf.GGMLQuantizationType[kind] if len(tensor.shape) > 1 else gguf.GGMLQuantizationType.F32
    writer.add_tensor(tensor.name, gguf.quants.quantize(values, chosen), raw_dtype=chosen)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
