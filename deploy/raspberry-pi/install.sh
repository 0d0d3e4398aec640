#!/bin/sh
# Installs, updates, rolls back or removes the floor on a Raspberry Pi. Run twice, it changes nothing the second time.
# FLOOR_ROOT=/folder  installs below that folder and leaves the machine alone: no apt, no users, no systemctl.
# FLOOR_PYTHON=/path  another Python than /usr/bin/python3.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
checkout=$(CDPATH='' cd -- "$here/../.." && pwd)
root=${FLOOR_ROOT:-}
python=${FLOOR_PYTHON:-/usr/bin/python3}

opt=$root/opt/floor
data=$root/var/lib/floor
config=$root/etc/floor/floor.toml
masked_list=$root/etc/floor/masked-by-floor
groups=dialout,lp,input,video

action=set_up
dry=''
wheels=''
keep_modemmanager=''
keep_brltty=''

# shellcheck source=deploy/raspberry-pi/messages_fr.sh
. "$here/messages_fr.sh"

main() {
    read_options "$@"
    if [ -n "$dry" ]; then
        words dry_run
    elif [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then
        stop not_root
    fi
    "$action"
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --dry-run) dry=yes ;;
        --uninstall) action=uninstall ;;
        --rollback) action=roll_back ;;
        --keep-modemmanager) keep_modemmanager=yes ;;
        --keep-brltty) keep_brltty=yes ;;
        --wheels)
            [ -d "${2:-}" ] || stop option_needs_folder "$1"
            wheels=$(CDPATH='' cd -- "$2" && pwd)
            shift
            ;;
        -h | --help)
            words usage
            exit 0
            ;;
        *) stop unknown_option "$1" ;;
        esac
        shift
    done
}

# ------------------------------------------------------------------------------------------------------------- install

set_up() {
    check_system
    install_packages
    check_python
    make_user
    make_folders
    install_release
    install_config
    install_files
    quiet_neighbours
    settle_clock
    start
}

check_system() {
    id=$(os_release ID)
    version=$(os_release VERSION_ID)
    case $id-$version in
    debian-12 | debian-13 | raspbian-12 | raspbian-13) ;;
    *) stop system_unknown "$id $version" ;;
    esac
    [ -z "$root" ] || return 0
    case $(dpkg --print-architecture) in
    arm64 | amd64) ;;
    *) stop system_32_bits "$(dpkg --print-architecture)" ;;
    esac
    [ -n "$dry" ] || [ -d /run/systemd/system ] || stop no_systemd
}

os_release() {
    sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$root/etc/os-release"
}

install_packages() {
    packages="python3 python3-venv tzdata ca-certificates udev$(clock_packages)"
    words step_packages "$packages"
    system apt-get update || stop packages_failed
    # shellcheck disable=SC2086 # one word each
    system env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $packages || stop packages_failed
}

# Something must set the clock from the network, and something must remember it while the power is off.
clock_packages() {
    [ -z "$root" ] || return 0
    installed chrony || installed ntpsec || printf ' systemd-timesyncd'
    if [ ! -e /dev/rtc0 ] && apt-cache show fake-hwclock >/dev/null 2>&1; then
        printf ' fake-hwclock'
    fi
}

installed() {
    dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

check_python() {
    [ -x "$python" ] || stop python_missing "$python"
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || stop python_too_old "$(python_version)"
}

python_version() {
    "$python" -c 'import platform; print(platform.python_version())'
}

make_user() {
    words step_user "$groups"
    if [ -n "$root" ] || ! id floor >/dev/null 2>&1; then
        system useradd --system --user-group --home-dir /var/lib/floor --no-create-home --shell /usr/sbin/nologin floor
    fi
    system usermod --append --groups "$groups" floor
}

make_folders() {
    run install -d -m 0755 "$opt" "$opt/bin" "$opt/docs" "$opt/releases" "$root/etc/floor"
    run install -d -m 0750 "$data" "$data/backups"
    system chown floor:floor "$data" "$data/backups"
}

# Each release has its own folder; « venv » is a link to the one in service, changed in one step. A power cut in the
# middle of an update leaves the old one running.
install_release() {
    if [ -n "$wheels" ] && ! ls "$wheels"/floor-*.whl >/dev/null 2>&1; then
        stop wheels_missing "$wheels"
    fi
    release=$(release_name)
    if [ -e "$opt/releases/$release/.complete" ]; then
        words release_kept "$release"
    else
        words step_release "$release"
        build_release "$opt/releases/$release"
    fi
    current=$(link_target "$opt/venv")
    [ "$current" != "releases/$release" ] || return 0
    back_up_before_update
    [ -z "$current" ] || point "$opt/previous" "$current"
    point "$opt/venv" "releases/$release"
    remove_old_releases
}

# The version, and a fingerprint of everything that goes into it: the same checkout gives the same name.
release_name() {
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$checkout/pyproject.toml")
    printf '%s-%s\n' "$version" "$( (python_version && sources) | sha256sum | cut -c1-12)"
}

sources() (
    cd "$checkout"
    for part in pyproject.toml constraints.txt floor_app devices label_templates contract groundwork floor_command central; do
        [ ! -e "$part" ] || find "$part" -type f ! -name '*.pyc' -print0
    done | LC_ALL=C sort -z | xargs -0 sha256sum
    [ -z "$wheels" ] || cat "$wheels"/*.whl
)

build_release() {
    run rm -rf "$1"
    if [ -n "$root" ] && [ -z "$wheels" ]; then
        run "$python" -m venv --without-pip "$1"
    else
        run "$python" -m venv "$1"
        fill_release "$1"
    fi
    run touch "$1/.complete"
}

fill_release() {
    if [ -n "$wheels" ]; then
        run "$1/bin/pip" install --quiet --no-input --no-index --find-links "$wheels" floor || stop pip_failed
    else
        run env PIP_CONSTRAINT="$checkout/constraints.txt" \
            "$1/bin/pip" install --quiet --no-input --disable-pip-version-check "$checkout" || stop pip_failed
    fi
    run "$1/bin/floor" --help >/dev/null || stop release_broken
}

back_up_before_update() {
    [ -n "$current" ] && [ -x "$opt/bin/floor-backup" ] && [ -n "$(data_files)" ] || return 0
    words step_backup
    system systemctl start floor-backup.service || stop backup_failed
}

data_files() {
    find "$data" -maxdepth 1 -type f 2>/dev/null | head -n 1
}

remove_old_releases() {
    for folder in "$opt"/releases/*/; do
        folder=${folder%/}
        case releases/${folder##*/} in
        "$(link_target "$opt/venv")" | "$(link_target "$opt/previous")" | 'releases/*') ;;
        *) run rm -rf "$folder" ;;
        esac
    done
}

install_config() {
    if [ -e "$config" ]; then
        words config_kept "$config"
    else
        words config_made "$config"
        run cp "$checkout/floor.example.toml" "$config"
    fi
    run chmod 0640 "$config"
    system chown root:floor "$config"
    put "$checkout/floor.example.toml" "$root/etc/floor/floor.example.toml" 0644
}

install_files() {
    put "$here/floor-backup" "$opt/bin/floor-backup" 0755
    put "$here/floor-command" "$root/usr/local/bin/floor" 0755
    put "$checkout/docs/raspberry-pi.md" "$opt/docs/raspberry-pi.md" 0644
    for unit in floor.service floor-backup.service floor-backup.timer; do
        put "$here/$unit" "$root/etc/systemd/system/$unit" 0644
    done
    put "$here/60-floor.rules" "$root/etc/udev/rules.d/60-floor.rules" 0644
}

# Both open every new serial port and write into it: docs/raspberry-pi.md, « What else opens the ports ».
quiet_neighbours() {
    [ -n "$keep_modemmanager" ] || mask systemd/system/ModemManager.service --keep-modemmanager
    if [ -z "$keep_brltty" ]; then
        for file in brltty.service brltty-udev.service; do
            mask "systemd/system/$file" --keep-brltty
        done
        for rule in "$root"/usr/lib/udev/rules.d/*brltty*.rules; do
            mask "udev/rules.d/${rule##*/}" --keep-brltty
        done
    fi
    system udevadm control --reload
    system udevadm trigger --subsystem-match=usb --subsystem-match=usbmisc --subsystem-match=tty
}

# A link to /dev/null in /etc hides the file of the same name in /usr/lib, for systemd as for udev.
mask() {
    [ -e "$root/usr/lib/$1" ] && [ ! -L "$root/etc/$1" ] || return 0
    words masked "${1##*/}" "$2"
    run install -d "$(dirname -- "$root/etc/$1")"
    run ln -s /dev/null "$root/etc/$1"
    [ -n "$dry" ] || echo "$1" >>"$masked_list"
    case $1 in
    *.service) system systemctl stop "${1##*/}" ;;
    esac
}

settle_clock() {
    [ -z "$root" ] || return 0
    system timedatectl set-ntp true || true
    if [ -e /dev/rtc0 ]; then
        words clock_battery
    else
        words clock_no_battery
    fi
    grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null || words memory_unlimited
}

start() {
    system systemctl daemon-reload
    system systemctl enable floor.service
    system systemctl enable --now floor-backup.timer
    if [ ! -e "$config" ] || grep -q "^ *site *= *[\"']BBBB[\"']" "$config"; then
        words edit_config "$config"
    else
        system systemctl restart floor.service
        words started
    fi
}

# ----------------------------------------------------------------------------------------------- back, and out again

roll_back() {
    current=$(link_target "$opt/venv")
    previous=$(link_target "$opt/previous")
    if [ -z "$previous" ] || [ ! -e "$opt/$previous/.complete" ]; then
        stop nothing_to_roll_back
    fi
    point "$opt/venv" "$previous"
    point "$opt/previous" "$current"
    system systemctl restart floor.service
    words rolled_back "${previous##*/}"
}

uninstall() {
    system systemctl disable --now floor.service floor-backup.timer || true
    for file in floor.service floor-backup.service floor-backup.timer; do
        run rm -f "$root/etc/systemd/system/$file"
    done
    run rm -f "$root/etc/udev/rules.d/60-floor.rules" "$root/usr/local/bin/floor" "$root/etc/floor/floor.example.toml"
    run rm -rf "$opt"
    unmask
    system systemctl daemon-reload
    system udevadm control --reload
    words uninstalled "$config" "$data"
}

# Only what this script had masked.
unmask() {
    [ -e "$masked_list" ] || return 0
    while IFS= read -r file; do
        run rm -f "$root/etc/$file"
        words unmasked "${file##*/}"
    done <"$masked_list"
    run rm -f "$masked_list"
}

# --------------------------------------------------------------------------------------------------------------- steps

# Does it, or with --dry-run says so.
run() {
    if [ -n "$dry" ]; then
        words would "$@"
    else
        "$@"
    fi
}

# The same for what changes the machine outside $FLOOR_ROOT.
system() {
    if [ -n "$dry" ] || [ -z "$root" ]; then
        run "$@"
    fi
}

put() {
    if [ -f "$2" ] && cmp -s -- "$1" "$2"; then
        return 0
    fi
    words file_written "$2"
    run install -D -m "$3" -- "$1" "$2.new"
    run mv -- "$2.new" "$2"
}

# `mv -T` of a new link over the old one: there is no moment without one.
point() {
    run ln -sfn -- "$2" "$1.new"
    run mv -T -- "$1.new" "$1"
}

link_target() {
    readlink -- "$1" 2>/dev/null || true
}

stop() {
    words "$@" >&2
    exit 1
}

main "$@"
