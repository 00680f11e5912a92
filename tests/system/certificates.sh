#!/bin/bash
# certificates.sh FOLDER NAME...: a CA (ca.pem) and one certificate with key per name (NAME.pem)
set -euo pipefail

cd "$1"
shift
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj '/CN=Lab CA' -keyout ca.key -out ca.pem 2>/dev/null
for name in "$@"; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
        -keyout "$name.key" -out "$name.csr" 2>/dev/null
    openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
        -extfile <(echo "subjectAltName=DNS:$name") -out "$name.pem" 2>/dev/null
    cat "$name.key" >>"$name.pem"
done
chmod a+r ./*.pem
