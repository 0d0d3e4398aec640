# The words of install.sh: a code and what it is about, to a sentence. Read by « . », never run alone.
# shellcheck shell=sh

words() {
    case $1 in
    usage) cat <<'END'
Installe le suivi de production sur un Raspberry Pi (Raspberry Pi OS, Debian 12 ou 13, 64 bits).

  sudo sh install.sh               installe, ou met à jour ; réglages et données restent
  sudo sh install.sh --rollback    revient à la version d’avant
  sudo sh install.sh --uninstall   enlève le programme ; réglages et données restent
  sh install.sh --dry-run          dit ce qui serait fait, sans rien changer

  --wheels DOSSIER     installe sans internet, depuis un dossier préparé (voir docs/raspberry-pi.md)
  --keep-modemmanager  garde ModemManager (clé 4G)
  --keep-brltty        garde brltty (plage braille)
END
        ;;
    unknown_option) echo "Option inconnue : $2. Pour voir les options : sh install.sh --help" ;;
    option_needs_folder) echo "Il manque un dossier après $2." ;;
    not_root) echo "Il faut les droits d’administration. Écrivez : sudo sh install.sh" ;;
    system_unknown) echo "Ce système n’est pas prévu : $2. Il faut Raspberry Pi OS ou Debian, version 12 ou 13." ;;
    system_32_bits) echo "Ce système est en $2. Il faut la version 64 bits de Raspberry Pi OS : réinstallez la carte avec elle." ;;
    no_systemd) echo "systemd ne tourne pas ici : le service ne pourrait pas démarrer." ;;
    python_missing) echo "$2 n’existe pas. Écrivez : sudo apt-get install python3" ;;
    python_too_old) echo "Python $2 ne convient pas. Il faut Python 3.11, 3.12 ou 3.13." ;;
    wheels_missing) echo "Le dossier $2 ne contient pas le programme (floor-….whl). Préparez-le comme dit dans docs/raspberry-pi.md" ;;
    packages_failed) echo "Les paquets du système n’ont pas pu être installés. Vérifiez le réseau et l’heure (date), puis recommencez." ;;
    pip_failed) echo "Le programme n’a pas pu être installé. Vérifiez le réseau, l’heure (date) et la place (df -h /opt), puis recommencez. La version en service n’a pas changé." ;;
    release_broken) echo "Le programme installé ne démarre pas. La version en service n’a pas changé." ;;
    backup_failed) echo "La sauvegarde avant la mise à jour a échoué. Rien n’a changé. Regardez : journalctl -u floor-backup, et la place : df -h /var/lib/floor" ;;
    nothing_to_roll_back) echo "Il n’y a pas de version d’avant sur cette machine." ;;

    would) shift; echo "  ferait : $*" ;;
    dry_run) echo "Essai : rien n’est changé sur cette machine." ;;
    step_packages) echo "Paquets du système : $2" ;;
    step_user) echo "Utilisateur floor, groupes $2" ;;
    step_release) echo "Programme : version $2" ;;
    release_kept) echo "Programme : version $2 déjà en place" ;;
    step_backup) echo "Sauvegarde avant la mise à jour" ;;
    config_kept) echo "Réglages : $2 existe déjà, rien n’y est changé" ;;
    config_made) echo "Réglages : $2 créé à partir de l’exemple" ;;
    file_written) echo "Fichier : $2" ;;
    masked) echo "ATTENTION : $2 est arrêté et ne démarrera plus : il ouvre les prises des douchettes. Pour le garder, recommencez avec $3." ;;
    unmasked) echo "$2 peut de nouveau démarrer." ;;
    clock_battery) echo "Horloge : cette machine a une horloge. Si elle a sa pile, l’heure survit aux coupures de courant." ;;
    clock_no_battery) echo "Horloge : cette machine n’a pas de pile. Après une coupure sans réseau, l’heure est fausse jusqu’au retour du réseau : les scans comptent quand même, marqués « heure incertaine »." ;;
    memory_unlimited) echo "Mémoire : la limite du service n’agit pas sur ce système. Pour l’activer, ajoutez cgroup_enable=memory à la fin de la ligne de /boot/firmware/cmdline.txt et redémarrez." ;;
    started) echo "Le service est démarré. Pour vérifier : sudo floor doctor" ;;
    edit_config) echo "RESTE À FAIRE : mettez le code, le nom et les quatre lettres de l’atelier dans $2 (sudo nano $2), puis : sudo systemctl start floor" ;;
    rolled_back) echo "Version $2 remise en service. Si elle refuse de démarrer à cause des données, voyez « Retour en arrière » dans docs/raspberry-pi.md" ;;
    uninstalled) echo "Le programme est enlevé. Sont gardés : les réglages ($2), les données ($3) et l’utilisateur floor." ;;
    *) echo "$*" ;;
    esac
}
