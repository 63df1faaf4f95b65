# Shared by the scripts: messages, what the system must have, what is built when. Bash 5, coreutils; nothing else.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8 npm_config_update_notifier=false

bold='' red='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' red=$'\033[31m' plain=$'\033[0m'; fi
say() { printf '%s▸ %s%s\n' "$bold" "$*" "$plain"; }
die() { printf '%s✗ %s%s\n' "$red" "$*" "$plain" >&2; exit 1; }

# version_at_least HAVE WANT
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# Name of each missing Debian package, by looking for what it brings.
missing_packages() {
  command -v cc >/dev/null || echo gcc libc6-dev
  [ -x /usr/lib/postgresql/15/bin/initdb ] || echo postgresql-15
  [ -e /usr/share/postgresql/15/extension/postgis.control ] || echo postgresql-15-postgis-3
  command -v chromium-headless-shell >/dev/null || [ -n "${LOBSTER_CHROMIUM:-}" ] || echo chromium-headless-shell
  [ -e /usr/lib/chromium/chrome-sandbox ] || [ -n "${LOBSTER_CHROMIUM:-}" ] || echo chromium-sandbox
  command -v pdftoppm >/dev/null || echo poppler-utils
}

# PostgreSQL with PostGIS, the printing browser and the PDF tools, through apt where that is possible.
ensure_system() {
  local missing
  missing=$(missing_packages | xargs)
  [ -n "$missing" ] || return 0
  local name='' version='' runner=()
  if [ -r /etc/os-release ]; then
    name=$(. /etc/os-release && echo "${ID:-}"); version=$(. /etc/os-release && echo "${VERSION_ID:-}")
  fi
  if [ "$name" != debian ] || [ "$version" != 12 ]; then
    die "This system is not Debian 12. Install PostgreSQL 15, PostGIS 3, chromium-headless-shell with chromium-sandbox (or set LOBSTER_CHROMIUM to a Chromium), poppler-utils and a C compiler, then run make again. Missing here: $missing"
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "Some packages are missing and there is no sudo: as root, run: apt-get install $missing"
    runner=(sudo)
    say "These packages are missing; sudo may ask for your password: $missing"
  else
    say "Installing: $missing"
  fi
  local log; log=$(mktemp)
  "${runner[@]}" apt-get update -qq >"$log" 2>&1 || { cat "$log" >&2; die "apt-get update failed: is the network up?"; }
  # shellcheck disable=SC2086
  "${runner[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1 \
    || { tail -n 20 "$log" >&2; die "apt-get could not install: $missing"; }
  rm -f "$log"
  missing=$(missing_packages | xargs)
  [ -z "$missing" ] || die "Still missing after the installation: $missing"
}

ensure_toolchains() {
  command -v cargo >/dev/null || die "Rust is missing: install Rust 1.95 or newer with rustup, then run make again."
  local rust; rust=$(rustc --version | awk '{print $2}')
  version_at_least "$rust" 1.95 || die "Rust $rust is too old: LObsTer needs 1.95 or newer (rustup update)."
  command -v node >/dev/null && command -v npm >/dev/null || die "Node is missing: install Node 20.19 or newer, then run make again."
  local node; node=$(node --version | tr -d v)
  version_at_least "$node" 20.19 || die "Node $node is too old: LObsTer needs 20.19 or newer."
}

# A first release build and its tests need room; a full disk is told before it breaks a build.
ensure_disk() {
  local need=$1 free
  free=$(df -Pm . | awk 'NR==2{print $4}')
  [ "$free" -ge "$need" ] || die "Only $free MB are free on this disk and this step needs $need MB: free some space, then run make again."
}

# Front-end dependencies exactly as locked; again only when the lock changed.
ensure_npm() {
  local stamp=frontend/node_modules/.lobster-lock want
  want=$(sha256sum frontend/package-lock.json | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ] && return 0
  say "Front-end dependencies (npm ci)"
  npm --prefix frontend ci --no-audit --no-fund --loglevel=error
  echo "$want" >"$stamp"
}

ensure_frontend() {
  ensure_npm
  local dist=frontend/dist/index.html
  if [ -e "$dist" ] && [ -z "$(find frontend/src frontend/public frontend/index.html frontend/package-lock.json frontend/*.ts -newer "$dist" 2>/dev/null | head -n1)" ]; then
    return 0
  fi
  say "Front end"
  npm --prefix frontend run --silent build -- --logLevel warn
}

# The first build takes minutes and shows its progress; later ones are silent.
ensure_release() {
  local quiet=(--quiet)
  if [ ! -e target/release/lobster ]; then
    ensure_disk 4000
    say "Release build (the first takes several minutes)"
    quiet=()
  fi
  cargo build --release --locked -p lobster "${quiet[@]}"
}
