#!/usr/bin/env bash
# Installs the programs that tests need and pip cannot install, where that is possible: with apt-get, as root.
# Elsewhere it says in a line for each what is missing, changes nothing, and ends well: most tests need none of them.
set -uo pipefail
export DEBIAN_FRONTEND=noninteractive

missing=()
command -v curl >/dev/null || missing+=(curl)
command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium)
[ "${#missing[@]}" != 0 ] || exit 0

not_installed() { printf '%s is not installed: %s. The tests that need it are not run.\n' "$1" "$2" >&2; }

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  for program in "${missing[@]}"; do not_installed "$program" "only root can do that here, with apt-get"; done
  exit 0
fi
printf 'Installing for the tests: %s\n' "${missing[*]}" >&2
apt-get -qq update >/dev/null 2>&1 || true # one source that is down need not matter
for program in "${missing[@]}"; do
  packages=("$program")
  [ "$program" != chromium ] || packages=(fonts-dejavu-core chromium)
  output=$(apt-get -qq install --yes --no-install-recommends "${packages[@]}" 2>&1) ||
    not_installed "$program" "apt-get says: $(tail -n 1 <<<"$output")"
done
