#!/bin/sh
# Makes what nats.conf names: an authority, certificates of it for the server, venues and gateways, and the keys of the two
# roles, all valid for a year. Needs openssl and the dependencies of this repository.
#
#   deploy/nats/create-keys.sh FOLDER NAME...    NAME: of the server, as --nats has it, such as nats.example or IP:10.0.0.1
#
# ca-key.pem and the files of the other machines do not belong on a machine that needs them not.
set -eu
[ $# -ge 2 ] || { sed -n 2,8p "$0" >&2; exit 2; }
repository=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
umask 077
cd "$folder"

names=
for name in "$@"; do
  case $name in IP:*) ;; *) name=DNS:$name ;; esac
  names=$names${names:+,}$name
done

new_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1-key.pem"; }

new_key ca
openssl req -x509 -new -key ca-key.pem -days 365 -subj '/CN=Papertape NATS' -out ca.pem

# sign ROLE EXTENSIONS
sign() {
  new_key "$1"
  printf '%b' "$2" > extensions.cnf
  openssl req -new -key "$1-key.pem" -subj "/CN=$1" |
    openssl x509 -req -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 365 -extfile extensions.cnf -out "$1-cert.pem" 2> openssl.log ||
    { cat openssl.log >&2; exit 1; }
  rm -f extensions.cnf openssl.log
}
sign server "subjectAltName=$names\nextendedKeyUsage=serverAuth\n"
sign venue 'extendedKeyUsage=clientAuth\n'
sign gateway 'extendedKeyUsage=clientAuth\n'

# The server knows the public keys; the seeds are the credentials.
(cd "$repository/cluster" && node --input-type=module - "$folder") <<'EOF'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
const folder = process.argv[2]
const lines = ['VENUE', 'GATEWAY'].map(role => {
  const user = nkeys.createUser()
  const seed = new TextDecoder().decode(user.getSeed())
  writeFileSync(join(folder, `${role.toLowerCase()}.nk`), `${seed}\n`)
  return `${role}_KEY: ${user.getPublicKey()}\n`
})
writeFileSync(join(folder, 'keys.conf'), lines.join(''))
EOF
chmod 644 ca.pem keys.conf ./*-cert.pem
