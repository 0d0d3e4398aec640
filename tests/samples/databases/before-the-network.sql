BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'floor','create_events','2026-11-27 18:29:43.570716+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'floor','create_projections','2026-11-27 18:29:43.571982+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'floor','create_working_tables','2026-11-27 18:29:43.572858+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'floor','create_scanner_places','2026-11-27 18:29:43.573401+00:00');
CREATE TABLE access_token (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('station', 'setup', 'pairing', 'board')),
    subject TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL DEFAULT 0,
    used_at_ms INTEGER NOT NULL DEFAULT 0,
    revoked_at_ms INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE account (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('supervisor', 'technician')),
    password_hash TEXT NOT NULL,
    session_version INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL
);
CREATE TABLE boot (
    number INTEGER PRIMARY KEY,
    boot_id TEXT NOT NULL UNIQUE
);
INSERT INTO "boot" VALUES(1,'boot-1');
CREATE TABLE bundle (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    lay_id INTEGER NOT NULL REFERENCES lay(id),
    number INTEGER NOT NULL,
    shade TEXT NOT NULL,
    roll TEXT NOT NULL,
    ply_from INTEGER NOT NULL,
    ply_to INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    status TEXT NOT NULL,
    in_progress INTEGER NOT NULL,
    duplicates INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "bundle" VALUES(1,'BCDFBBBBBBLHHL',1,5,1,'A','R1',1,18,18,'open',0,0);
INSERT INTO "bundle" VALUES(2,'BCDFBBBBBCNKRG',1,5,2,'B','R2',19,30,12,'open',0,0);
INSERT INTO "bundle" VALUES(3,'BCDFBBBBBDRXSP',2,5,3,'A','R1',1,9,18,'open',0,0);
INSERT INTO "bundle" VALUES(4,'BCDFBBBBBFNKJR',2,5,4,'A','R1',10,18,18,'open',18,0);
INSERT INTO "bundle" VALUES(5,'BCDFBBBBBGFSBR',2,5,5,'B','R2',19,24,12,'open',12,0);
INSERT INTO "bundle" VALUES(6,'BCDFBBBBBHRCJN',2,5,6,'B','R2',25,30,12,'open',10,0);
INSERT INTO "bundle" VALUES(7,'BCDFBBBBBJBKPR',3,5,7,'A','R1',1,9,18,'open',18,0);
INSERT INTO "bundle" VALUES(8,'BCDFBBBBBKKFXS',3,5,8,'A','R1',10,18,18,'open',18,2);
INSERT INTO "bundle" VALUES(9,'BCDFBBBBBLXTNF',3,5,9,'B','R2',19,24,12,'open',12,0);
INSERT INTO "bundle" VALUES(10,'BCDFBBBBBNTGBB',3,5,10,'B','R2',25,30,12,'open',12,0);
INSERT INTO "bundle" VALUES(11,'BCDFBBBBBPJGJV',4,5,11,'A','R1',1,18,18,'open',18,0);
INSERT INTO "bundle" VALUES(12,'BCDFBBBBBRFHDX',4,5,12,'B','R2',19,30,12,'open',12,0);
INSERT INTO "bundle" VALUES(13,'BCDFBBBBBSXTBV',5,6,1,'A','R1',1,18,18,'open',0,0);
INSERT INTO "bundle" VALUES(14,'BCDFBBBBBTRHRL',5,6,2,'B','R2',19,30,12,'open',12,0);
INSERT INTO "bundle" VALUES(15,'BCDFBBBBBVXCPP',6,6,3,'A','R1',1,9,18,'open',18,0);
INSERT INTO "bundle" VALUES(16,'BCDFBBBBBXVFGJ',6,6,4,'A','R1',10,18,18,'open',18,0);
INSERT INTO "bundle" VALUES(17,'BCDFBBBBCBBXNK',6,6,5,'B','R2',19,24,12,'open',12,0);
INSERT INTO "bundle" VALUES(18,'BCDFBBBBCCVCRG',6,6,6,'B','R2',25,30,12,'open',12,0);
INSERT INTO "bundle" VALUES(19,'BCDFBBBBCDHVXK',7,6,7,'A','R1',1,9,18,'open',18,0);
INSERT INTO "bundle" VALUES(20,'BCDFBBBBCFRKGP',7,6,8,'A','R1',10,18,18,'open',18,0);
INSERT INTO "bundle" VALUES(21,'BCDFBBBBCGSLRP',7,6,9,'B','R2',19,24,12,'open',12,0);
INSERT INTO "bundle" VALUES(22,'BCDFBBBBCHXBJT',7,6,10,'B','R2',25,30,12,'open',12,0);
INSERT INTO "bundle" VALUES(23,'BCDFBBBBCJKVLJ',8,6,11,'A','R1',1,18,18,'open',18,0);
INSERT INTO "bundle" VALUES(24,'BCDFBBBBCKLGCR',8,6,12,'B','R2',19,30,12,'open',12,0);
INSERT INTO "bundle" VALUES(25,'BCDFBBBBCLCRFB',1,47,13,'A','R1',1,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(26,'BCDFBBBBCNPJSL',1,47,14,'B','R2',19,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(27,'BCDFBBBBCPGNBJ',2,47,15,'A','R1',1,9,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(28,'BCDFBBBBCRLPLB',2,47,16,'A','R1',10,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(29,'BCDFBBBBCSRJTT',2,47,17,'B','R2',19,24,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(30,'BCDFBBBBCTKBPC',2,47,18,'B','R2',25,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(31,'BCDFBBBBCVBHCR',3,47,19,'A','R1',1,9,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(32,'BCDFBBBBCXXNDP',3,47,20,'A','R1',10,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(33,'BCDFBBBBDBSRBH',3,47,21,'B','R2',19,24,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(34,'BCDFBBBBDCHGKH',3,47,22,'B','R2',25,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(35,'BCDFBBBBDDVPBG',4,47,23,'A','R1',1,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(36,'BCDFBBBBDFLJNJ',4,47,24,'B','R2',19,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(37,'BCDFBBBBDGTJPK',9,49,1,'A','R1',1,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(38,'BCDFBBBBDHNBBV',9,49,2,'B','R2',19,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(39,'BCDFBBBBDJKRBL',10,49,3,'A','R1',1,9,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(40,'BCDFBBBBDKPGLF',10,49,4,'A','R1',10,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(41,'BCDFBBBBDLFDDN',10,49,5,'B','R2',19,24,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(42,'BCDFBBBBDNCKSC',10,49,6,'B','R2',25,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(43,'BCDFBBBBDPRXJP',11,49,7,'A','R1',1,9,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(44,'BCDFBBBBDRVNRH',11,49,8,'A','R1',10,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(45,'BCDFBBBBDSSGPS',11,49,9,'B','R2',19,24,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(46,'BCDFBBBBDTKJKN',11,49,10,'B','R2',25,30,12,'cancelled',0,0);
INSERT INTO "bundle" VALUES(47,'BCDFBBBBDVTDPN',12,49,11,'A','R1',1,18,18,'cancelled',0,0);
INSERT INTO "bundle" VALUES(48,'BCDFBBBBDXDKCN',12,49,12,'B','R2',19,30,12,'cancelled',0,0);
CREATE TABLE bundle_event (
    bundle_id INTEGER NOT NULL REFERENCES bundle(id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (bundle_id, seq)
) WITHOUT ROWID;
INSERT INTO "bundle_event" VALUES(1,5);
INSERT INTO "bundle_event" VALUES(1,7);
INSERT INTO "bundle_event" VALUES(1,13);
INSERT INTO "bundle_event" VALUES(1,14);
INSERT INTO "bundle_event" VALUES(1,15);
INSERT INTO "bundle_event" VALUES(2,5);
INSERT INTO "bundle_event" VALUES(2,8);
INSERT INTO "bundle_event" VALUES(2,16);
INSERT INTO "bundle_event" VALUES(2,17);
INSERT INTO "bundle_event" VALUES(2,18);
INSERT INTO "bundle_event" VALUES(3,5);
INSERT INTO "bundle_event" VALUES(3,9);
INSERT INTO "bundle_event" VALUES(3,19);
INSERT INTO "bundle_event" VALUES(3,20);
INSERT INTO "bundle_event" VALUES(4,5);
INSERT INTO "bundle_event" VALUES(4,10);
INSERT INTO "bundle_event" VALUES(4,21);
INSERT INTO "bundle_event" VALUES(4,22);
INSERT INTO "bundle_event" VALUES(4,23);
INSERT INTO "bundle_event" VALUES(5,5);
INSERT INTO "bundle_event" VALUES(5,11);
INSERT INTO "bundle_event" VALUES(5,24);
INSERT INTO "bundle_event" VALUES(5,25);
INSERT INTO "bundle_event" VALUES(5,26);
INSERT INTO "bundle_event" VALUES(5,27);
INSERT INTO "bundle_event" VALUES(6,5);
INSERT INTO "bundle_event" VALUES(6,12);
INSERT INTO "bundle_event" VALUES(6,44);
INSERT INTO "bundle_event" VALUES(7,5);
INSERT INTO "bundle_event" VALUES(7,45);
INSERT INTO "bundle_event" VALUES(7,46);
INSERT INTO "bundle_event" VALUES(8,5);
INSERT INTO "bundle_event" VALUES(8,42);
INSERT INTO "bundle_event" VALUES(8,43);
INSERT INTO "bundle_event" VALUES(9,5);
INSERT INTO "bundle_event" VALUES(10,5);
INSERT INTO "bundle_event" VALUES(11,5);
INSERT INTO "bundle_event" VALUES(12,5);
INSERT INTO "bundle_event" VALUES(13,6);
INSERT INTO "bundle_event" VALUES(13,28);
INSERT INTO "bundle_event" VALUES(13,29);
INSERT INTO "bundle_event" VALUES(13,34);
INSERT INTO "bundle_event" VALUES(13,35);
INSERT INTO "bundle_event" VALUES(14,6);
INSERT INTO "bundle_event" VALUES(14,30);
INSERT INTO "bundle_event" VALUES(14,31);
INSERT INTO "bundle_event" VALUES(14,36);
INSERT INTO "bundle_event" VALUES(14,37);
INSERT INTO "bundle_event" VALUES(14,38);
INSERT INTO "bundle_event" VALUES(15,6);
INSERT INTO "bundle_event" VALUES(15,32);
INSERT INTO "bundle_event" VALUES(15,33);
INSERT INTO "bundle_event" VALUES(16,6);
INSERT INTO "bundle_event" VALUES(17,6);
INSERT INTO "bundle_event" VALUES(18,6);
INSERT INTO "bundle_event" VALUES(19,6);
INSERT INTO "bundle_event" VALUES(20,6);
INSERT INTO "bundle_event" VALUES(21,6);
INSERT INTO "bundle_event" VALUES(22,6);
INSERT INTO "bundle_event" VALUES(23,6);
INSERT INTO "bundle_event" VALUES(24,6);
INSERT INTO "bundle_event" VALUES(25,47);
INSERT INTO "bundle_event" VALUES(26,47);
INSERT INTO "bundle_event" VALUES(27,47);
INSERT INTO "bundle_event" VALUES(28,47);
INSERT INTO "bundle_event" VALUES(29,47);
INSERT INTO "bundle_event" VALUES(30,47);
INSERT INTO "bundle_event" VALUES(31,47);
INSERT INTO "bundle_event" VALUES(32,47);
INSERT INTO "bundle_event" VALUES(33,47);
INSERT INTO "bundle_event" VALUES(34,47);
INSERT INTO "bundle_event" VALUES(35,47);
INSERT INTO "bundle_event" VALUES(36,47);
INSERT INTO "bundle_event" VALUES(37,49);
INSERT INTO "bundle_event" VALUES(38,49);
INSERT INTO "bundle_event" VALUES(39,49);
INSERT INTO "bundle_event" VALUES(40,49);
INSERT INTO "bundle_event" VALUES(41,49);
INSERT INTO "bundle_event" VALUES(42,49);
INSERT INTO "bundle_event" VALUES(43,49);
INSERT INTO "bundle_event" VALUES(44,49);
INSERT INTO "bundle_event" VALUES(45,49);
INSERT INTO "bundle_event" VALUES(46,49);
INSERT INTO "bundle_event" VALUES(47,49);
INSERT INTO "bundle_event" VALUES(48,49);
CREATE TABLE bundle_step (
    bundle_id INTEGER NOT NULL REFERENCES bundle(id),
    operation TEXT NOT NULL,
    good INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    in_rework INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    presumed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    done_at_ms INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL DEFAULT 0,
    waiting_since_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bundle_id, operation)
) WITHOUT ROWID;
INSERT INTO "bundle_step" VALUES(1,'cut',18,0,0,0,0,0,0,1785003720000,0,0);
INSERT INTO "bundle_step" VALUES(1,'finish',14,0,0,0,0,0,0,1785007500000,0,0);
INSERT INTO "bundle_step" VALUES(1,'sew',14,1,3,0,0,0,0,1785007080000,0,0);
INSERT INTO "bundle_step" VALUES(2,'cut',12,0,0,0,0,0,0,1785004140000,0,0);
INSERT INTO "bundle_step" VALUES(2,'finish',12,0,0,0,0,0,0,1785007920000,0,0);
INSERT INTO "bundle_step" VALUES(2,'sew',12,0,0,0,0,0,0,1785008340000,0,0);
INSERT INTO "bundle_step" VALUES(3,'cut',18,0,0,0,0,0,0,1785004560000,0,0);
INSERT INTO "bundle_step" VALUES(3,'finish',18,0,0,0,0,0,0,1785008760000,0,0);
INSERT INTO "bundle_step" VALUES(3,'sew',0,0,0,0,0,0,18,1785008760000,0,0);
INSERT INTO "bundle_step" VALUES(4,'cut',18,0,0,0,0,0,0,1785004980000,0,0);
INSERT INTO "bundle_step" VALUES(4,'finish',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(4,'sew',0,0,0,0,0,0,0,0,18,1785009180000);
INSERT INTO "bundle_step" VALUES(5,'cut',12,0,0,0,0,0,0,1785005400000,0,0);
INSERT INTO "bundle_step" VALUES(5,'finish',0,0,0,0,0,0,0,0,5,1785010020000);
INSERT INTO "bundle_step" VALUES(5,'sew',5,0,0,0,0,0,0,1785010860000,7,1785010860000);
INSERT INTO "bundle_step" VALUES(6,'cut',12,0,0,0,0,0,0,1785005820000,0,0);
INSERT INTO "bundle_step" VALUES(6,'sew',0,0,0,0,2,0,0,1785018000000,10,1785005820000);
INSERT INTO "bundle_step" VALUES(7,'cut',0,0,0,0,0,0,0,0,18,1785002880000);
INSERT INTO "bundle_step" VALUES(8,'cut',0,0,0,0,0,0,0,0,18,1785002880000);
INSERT INTO "bundle_step" VALUES(9,'cut',0,0,0,0,0,0,0,0,12,1785002880000);
INSERT INTO "bundle_step" VALUES(10,'cut',0,0,0,0,0,0,0,0,12,1785002880000);
INSERT INTO "bundle_step" VALUES(11,'cut',0,0,0,0,0,0,0,0,18,1785002880000);
INSERT INTO "bundle_step" VALUES(12,'cut',0,0,0,0,0,0,0,0,12,1785002880000);
INSERT INTO "bundle_step" VALUES(13,'back',18,0,0,0,0,0,0,1785014220000,0,0);
INSERT INTO "bundle_step" VALUES(13,'cut',18,0,0,0,0,0,0,1785011700000,0,0);
INSERT INTO "bundle_step" VALUES(13,'finish',18,0,0,0,0,0,0,1785014640000,0,0);
INSERT INTO "bundle_step" VALUES(13,'front',18,0,0,0,0,0,0,1785012120000,0,0);
INSERT INTO "bundle_step" VALUES(14,'back',0,0,0,0,0,0,0,0,12,1785015060000);
INSERT INTO "bundle_step" VALUES(14,'cut',12,0,0,0,0,0,0,1785012540000,0,0);
INSERT INTO "bundle_step" VALUES(14,'finish',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(14,'front',12,0,0,0,0,0,0,1785012960000,0,0);
INSERT INTO "bundle_step" VALUES(15,'back',0,0,0,0,0,0,0,0,18,1785013380000);
INSERT INTO "bundle_step" VALUES(15,'cut',18,0,0,0,0,0,0,1785013380000,0,0);
INSERT INTO "bundle_step" VALUES(15,'front',18,0,0,0,0,0,0,1785013800000,0,0);
INSERT INTO "bundle_step" VALUES(16,'cut',0,0,0,0,0,0,0,0,18,1785003300000);
INSERT INTO "bundle_step" VALUES(17,'cut',0,0,0,0,0,0,0,0,12,1785003300000);
INSERT INTO "bundle_step" VALUES(18,'cut',0,0,0,0,0,0,0,0,12,1785003300000);
INSERT INTO "bundle_step" VALUES(19,'cut',0,0,0,0,0,0,0,0,18,1785003300000);
INSERT INTO "bundle_step" VALUES(20,'cut',0,0,0,0,0,0,0,0,18,1785003300000);
INSERT INTO "bundle_step" VALUES(21,'cut',0,0,0,0,0,0,0,0,12,1785003300000);
INSERT INTO "bundle_step" VALUES(22,'cut',0,0,0,0,0,0,0,0,12,1785003300000);
INSERT INTO "bundle_step" VALUES(23,'cut',0,0,0,0,0,0,0,0,18,1785003300000);
INSERT INTO "bundle_step" VALUES(24,'cut',0,0,0,0,0,0,0,0,12,1785003300000);
INSERT INTO "bundle_step" VALUES(25,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(26,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(27,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(28,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(29,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(30,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(31,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(32,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(33,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(34,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(35,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(36,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(37,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(38,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(39,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(40,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(41,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(42,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(43,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(44,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(45,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(46,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(47,'cut',0,0,0,0,0,0,0,0,0,0);
INSERT INTO "bundle_step" VALUES(48,'cut',0,0,0,0,0,0,0,0,0,0);
CREATE TABLE code_reserve (
    site TEXT PRIMARY KEY,
    next_sequence INTEGER NOT NULL
);
INSERT INTO "code_reserve" VALUES('BCDF',48);
CREATE TABLE count_hour (
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    operation TEXT NOT NULL,
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    good INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    to_rework INTEGER NOT NULL DEFAULT 0,
    from_rework INTEGER NOT NULL DEFAULT 0,
    presumed INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    defects INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, hour, operation, order_line_id)
) WITHOUT ROWID;
INSERT INTO "count_hour" VALUES('2026-07-25',20,'cut',1,30,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',20,'cut',2,60,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',21,'finish',1,26,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',21,'finish',2,18,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',21,'sew',1,26,1,3,3,3,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',21,'sew',2,0,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',22,'cut',5,30,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',22,'front',5,30,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',22,'sew',2,5,0,0,0,0,0,0,1);
INSERT INTO "count_hour" VALUES('2026-07-25',23,'back',5,18,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',23,'cut',6,18,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',23,'finish',5,18,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',23,'front',6,18,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-26',0,'cut',3,0,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-26',0,'sew',2,0,0,0,0,0,0,2,0);
CREATE TABLE event (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 80),
    type TEXT NOT NULL,
    happened_at_ms INTEGER NOT NULL,
    recorded_at_ms INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL,
    boot INTEGER NOT NULL REFERENCES boot(number),
    monotonic_ms INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    station TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL CHECK (json_valid(body))
);
INSERT INTO "event" VALUES(1,'done-0','routing_set',1785001620000,1785001620000,120,1,1785001620000,1,'','{"style":"Veste","version":1,"operations":[{"code":"cut","section":"cut","after":[]},{"code":"front","section":"sew","after":["cut"]},{"code":"back","section":"sew","after":["cut"]},{"code":"finish","section":"finish","after":["front","back"]}]}');
INSERT INTO "event" VALUES(2,'import-1#1','order_imported',1785002040000,1785002040000,120,1,1785002040000,1,'','{"import_id":"import-1","order":"tabliers","lines":[["S","Bleu",60],["M","Bleu",60],["L","Bleu",60],["XL","Bleu",60]],"routing_id":0,"client":"Ville de Lille","contract":"M-2026-04","style":"Tablier","due":"2026-12-18","source":"commande.csv"}');
INSERT INTO "event" VALUES(3,'import-1','order_imported',1785002040000,1785002040000,120,1,1785002040000,1,'','{"import_id":"import-1","order":"vestes","lines":[["S","Bleu",60],["M","Bleu",60],["L","Bleu",60],["XL","Bleu",60]],"routing_id":1,"client":"Ville de Lille","contract":"M-2026-04","style":"Veste","due":"2026-12-18","source":"commande.csv"}');
INSERT INTO "event" VALUES(4,'import-2','order_imported',1785002460000,1785002460000,120,1,1785002460000,1,'','{"import_id":"import-2","order":"par erreur","lines":[["S","Bleu",60],["M","Bleu",60],["L","Bleu",60],["XL","Bleu",60]],"routing_id":0,"client":"Ville de Lille","contract":"M-2026-04","style":"Robe","due":"2026-12-18","source":"commande.csv"}');
INSERT INTO "event" VALUES(5,'tabliers-lay-1','lay_cut',1785002880000,1785002880000,120,1,1785002880000,1,'','{"order":"tabliers","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBBBLHHL",1,"S","A","R1",1,18,18],["BCDFBBBBBCNKRG",2,"S","B","R2",19,30,12],["BCDFBBBBBDRXSP",3,"M","A","R1",1,9,18],["BCDFBBBBBFNKJR",4,"M","A","R1",10,18,18],["BCDFBBBBBGFSBR",5,"M","B","R2",19,24,12],["BCDFBBBBBHRCJN",6,"M","B","R2",25,30,12],["BCDFBBBBBJBKPR",7,"L","A","R1",1,9,18],["BCDFBBBBBKKFXS",8,"L","A","R1",10,18,18],["BCDFBBBBBLXTNF",9,"L","B","R2",19,24,12],["BCDFBBBBBNTGBB",10,"L","B","R2",25,30,12],["BCDFBBBBBPJGJV",11,"XL","A","R1",1,18,18],["BCDFBBBBBRFHDX",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(6,'vestes-lay-1','lay_cut',1785003300000,1785003300000,120,1,1785003300000,1,'','{"order":"vestes","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBBSXTBV",1,"S","A","R1",1,18,18],["BCDFBBBBBTRHRL",2,"S","B","R2",19,30,12],["BCDFBBBBBVXCPP",3,"M","A","R1",1,9,18],["BCDFBBBBBXVFGJ",4,"M","A","R1",10,18,18],["BCDFBBBBCBBXNK",5,"M","B","R2",19,24,12],["BCDFBBBBCCVCRG",6,"M","B","R2",25,30,12],["BCDFBBBBCDHVXK",7,"L","A","R1",1,9,18],["BCDFBBBBCFRKGP",8,"L","A","R1",10,18,18],["BCDFBBBBCGSLRP",9,"L","B","R2",19,24,12],["BCDFBBBBCHXBJT",10,"L","B","R2",25,30,12],["BCDFBBBBCJKVLJ",11,"XL","A","R1",1,18,18],["BCDFBBBBCKLGCR",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(7,'done-5','step_done',1785003720000,1785003720000,120,1,1785003720000,1,'cut-1','{"bundle":"BCDFBBBBBBLHHL","operation":"cut","good":18}');
INSERT INTO "event" VALUES(8,'done-6','step_done',1785004140000,1785004140000,120,1,1785004140000,1,'cut-1','{"bundle":"BCDFBBBBBCNKRG","operation":"cut","good":12}');
INSERT INTO "event" VALUES(9,'done-7','step_done',1785004560000,1785004560000,120,1,1785004560000,1,'cut-1','{"bundle":"BCDFBBBBBDRXSP","operation":"cut","good":18}');
INSERT INTO "event" VALUES(10,'done-8','step_done',1785004980000,1785004980000,120,1,1785004980000,1,'cut-1','{"bundle":"BCDFBBBBBFNKJR","operation":"cut","good":18}');
INSERT INTO "event" VALUES(11,'done-9','step_done',1785005400000,1785005400000,120,1,1785005400000,1,'cut-1','{"bundle":"BCDFBBBBBGFSBR","operation":"cut","good":12}');
INSERT INTO "event" VALUES(12,'done-10','step_done',1785005820000,1785005820000,120,1,1785005820000,1,'cut-1','{"bundle":"BCDFBBBBBHRCJN","operation":"cut","good":12}');
INSERT INTO "event" VALUES(13,'done-11','step_done',1785006240000,1785006240000,120,1,1785006240000,1,'sew-1','{"bundle":"BCDFBBBBBBLHHL","operation":"sew","good":12,"second":1,"rejected":2,"to_rework":3}');
INSERT INTO "event" VALUES(14,'done-13','rework_done',1785007080000,1785007080000,120,1,1785007080000,1,'sew-1','{"bundle":"BCDFBBBBBBLHHL","operation":"sew","good":2,"rejected":1}');
INSERT INTO "event" VALUES(15,'done-14','step_done',1785007500000,1785007500000,120,1,1785007500000,1,'finish-1','{"bundle":"BCDFBBBBBBLHHL","operation":"finish","good":14}');
INSERT INTO "event" VALUES(16,'done-15#1','step_presumed',1785007920000,1785007920000,120,1,1785007920000,1,'finish-1','{"bundle":"BCDFBBBBBCNKRG","operation":"sew","pieces":12}');
INSERT INTO "event" VALUES(17,'done-15','step_done',1785007920000,1785007920000,120,1,1785007920000,1,'finish-1','{"bundle":"BCDFBBBBBCNKRG","operation":"finish","good":12,"steps_with_it":1}');
INSERT INTO "event" VALUES(18,'done-16','step_done',1785008340000,1785008340000,120,1,1785008340000,1,'sew-1','{"bundle":"BCDFBBBBBCNKRG","operation":"sew","good":12,"replaces_presumed":12}');
INSERT INTO "event" VALUES(19,'done-17#1','step_skipped',1785008760000,1785008760000,120,1,1785008760000,1,'finish-1','{"bundle":"BCDFBBBBBDRXSP","operation":"sew","pieces":18}');
INSERT INTO "event" VALUES(20,'done-17','step_done',1785008760000,1785008760000,120,1,1785008760000,1,'finish-1','{"bundle":"BCDFBBBBBDRXSP","operation":"finish","good":18,"steps_with_it":1}');
INSERT INTO "event" VALUES(21,'done-18#1','step_presumed',1785009180000,1785009180000,120,1,1785009180000,1,'finish-1','{"bundle":"BCDFBBBBBFNKJR","operation":"sew","pieces":18}');
INSERT INTO "event" VALUES(22,'done-18','step_done',1785009180000,1785009180000,120,1,1785009180000,1,'finish-1','{"bundle":"BCDFBBBBBFNKJR","operation":"finish","good":18,"steps_with_it":1}');
INSERT INTO "event" VALUES(23,'done-19','count_undone',1785009600000,1785009600000,120,1,1785009600000,1,'finish-1','{"events":[22,21]}');
INSERT INTO "event" VALUES(24,'done-20','step_done',1785010020000,1785010020000,120,1,1785010020000,1,'sew-1','{"bundle":"BCDFBBBBBGFSBR","operation":"sew","good":5}');
INSERT INTO "event" VALUES(25,'done-21','defect_found',1785010440000,1785010440000,120,1,1785010440000,1,'sew-1','{"bundle":"BCDFBBBBBGFSBR","operation":"sew","defect":4}');
INSERT INTO "event" VALUES(26,'done-22','step_done',1785010860000,1785010860000,120,1,1785010860000,1,'sew-1','{"bundle":"BCDFBBBBBGFSBR","operation":"sew","good":7}');
INSERT INTO "event" VALUES(27,'done-23','count_undone',1785011280000,1785011280000,120,1,1785011280000,1,'','{"events":[26],"reason":"mal compté"}');
INSERT INTO "event" VALUES(28,'done-24','step_done',1785011700000,1785011700000,120,1,1785011700000,1,'cut-1','{"bundle":"BCDFBBBBBSXTBV","operation":"cut","good":18}');
INSERT INTO "event" VALUES(29,'done-25','step_done',1785012120000,1785012120000,120,1,1785012120000,1,'front-1','{"bundle":"BCDFBBBBBSXTBV","operation":"front","good":18}');
INSERT INTO "event" VALUES(30,'done-26','step_done',1785012540000,1785012540000,120,1,1785012540000,1,'cut-1','{"bundle":"BCDFBBBBBTRHRL","operation":"cut","good":12}');
INSERT INTO "event" VALUES(31,'done-27','step_done',1785012960000,1785012960000,120,1,1785012960000,1,'front-1','{"bundle":"BCDFBBBBBTRHRL","operation":"front","good":12}');
INSERT INTO "event" VALUES(32,'done-28','step_done',1785013380000,1785013380000,120,1,1785013380000,1,'cut-1','{"bundle":"BCDFBBBBBVXCPP","operation":"cut","good":18}');
INSERT INTO "event" VALUES(33,'done-29','step_done',1785013800000,1785013800000,120,1,1785013800000,1,'front-1','{"bundle":"BCDFBBBBBVXCPP","operation":"front","good":18}');
INSERT INTO "event" VALUES(34,'done-30','step_done',1785014220000,1785014220000,120,1,1785014220000,1,'back-1','{"bundle":"BCDFBBBBBSXTBV","operation":"back","good":18}');
INSERT INTO "event" VALUES(35,'done-31','step_done',1785014640000,1785014640000,120,1,1785014640000,1,'finish-1','{"bundle":"BCDFBBBBBSXTBV","operation":"finish","good":18}');
INSERT INTO "event" VALUES(36,'done-32#1','step_presumed',1785015060000,1785015060000,120,1,1785015060000,1,'finish-1','{"bundle":"BCDFBBBBBTRHRL","operation":"back","pieces":12}');
INSERT INTO "event" VALUES(37,'done-32','step_done',1785015060000,1785015060000,120,1,1785015060000,1,'finish-1','{"bundle":"BCDFBBBBBTRHRL","operation":"finish","good":12,"steps_with_it":1}');
INSERT INTO "event" VALUES(38,'done-33','count_undone',1785015480000,1785015480000,120,1,1785015480000,1,'finish-1','{"events":[37,36]}');
INSERT INTO "event" VALUES(39,'done-34','help_called',1785015900000,1785015900000,120,1,1785015900000,1,'sew-1','{}');
INSERT INTO "event" VALUES(40,'done-35','help_called',1785016320000,1785016320000,120,1,1785016320000,1,'cut-1','{}');
INSERT INTO "event" VALUES(41,'done-36','help_answered',1785016740000,1785016740000,120,1,1785016740000,1,'sew-1','{}');
INSERT INTO "event" VALUES(42,'done-37','label_reprinted',1785017160000,1785017160000,120,1,1785017160000,1,'','{"bundle":"BCDFBBBBBKKFXS","duplicate":1}');
INSERT INTO "event" VALUES(43,'done-38','label_reprinted',1785017580000,1785017580000,120,1,1785017580000,1,'','{"bundle":"BCDFBBBBBKKFXS","duplicate":2}');
INSERT INTO "event" VALUES(44,'done-39','pieces_declared_missing',1785018000000,1785018000000,120,1,1785018000000,1,'','{"bundle":"BCDFBBBBBHRCJN","operation":"sew","pieces":2,"reason":"tombées derrière la table"}');
INSERT INTO "event" VALUES(45,'done-40','pieces_declared_missing',1785018420000,1785018420000,120,1,1785018420000,1,'','{"bundle":"BCDFBBBBBJBKPR","operation":"cut","pieces":2,"reason":"tombées derrière la table"}');
INSERT INTO "event" VALUES(46,'done-41','count_undone',1785018840000,1785018840000,120,1,1785018840000,1,'','{"events":[45],"reason":"retrouvées"}');
INSERT INTO "event" VALUES(47,'tabliers-lay-2','lay_cut',1785019260000,1785019260000,120,1,1785019260000,1,'','{"order":"tabliers","lay_number":2,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBCLCRFB",13,"S","A","R1",1,18,18],["BCDFBBBBCNPJSL",14,"S","B","R2",19,30,12],["BCDFBBBBCPGNBJ",15,"M","A","R1",1,9,18],["BCDFBBBBCRLPLB",16,"M","A","R1",10,18,18],["BCDFBBBBCSRJTT",17,"M","B","R2",19,24,12],["BCDFBBBBCTKBPC",18,"M","B","R2",25,30,12],["BCDFBBBBCVBHCR",19,"L","A","R1",1,9,18],["BCDFBBBBCXXNDP",20,"L","A","R1",10,18,18],["BCDFBBBBDBSRBH",21,"L","B","R2",19,24,12],["BCDFBBBBDCHGKH",22,"L","B","R2",25,30,12],["BCDFBBBBDDVPBG",23,"XL","A","R1",1,18,18],["BCDFBBBBDFLJNJ",24,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(48,'done-43','lay_undone',1785019680000,1785019680000,120,1,1785019680000,1,'','{"order":"tabliers","lay_number":2,"reason":"mauvais coloris"}');
INSERT INTO "event" VALUES(49,'par erreur-lay-1','lay_cut',1785020100000,1785020100000,120,1,1785020100000,1,'','{"order":"par erreur","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBDGTJPK",1,"S","A","R1",1,18,18],["BCDFBBBBDHNBBV",2,"S","B","R2",19,30,12],["BCDFBBBBDJKRBL",3,"M","A","R1",1,9,18],["BCDFBBBBDKPGLF",4,"M","A","R1",10,18,18],["BCDFBBBBDLFDDN",5,"M","B","R2",19,24,12],["BCDFBBBBDNCKSC",6,"M","B","R2",25,30,12],["BCDFBBBBDPRXJP",7,"L","A","R1",1,9,18],["BCDFBBBBDRVNRH",8,"L","A","R1",10,18,18],["BCDFBBBBDSSGPS",9,"L","B","R2",19,24,12],["BCDFBBBBDTKJKN",10,"L","B","R2",25,30,12],["BCDFBBBBDVTDPN",11,"XL","A","R1",1,18,18],["BCDFBBBBDXDKCN",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(50,'done-45','import_undone',1785020520000,1785020520000,120,1,1785020520000,1,'','{"import_id":"import-2"}');
INSERT INTO "event" VALUES(51,'done-46','order_closed',1785020940000,1785020940000,120,1,1785020940000,1,'','{"order":"tabliers","reason":"livrée"}');
INSERT INTO "event" VALUES(52,'done-47','order_closed',1785021360000,1785021360000,120,1,1785021360000,1,'','{"order":"vestes","reason":"livrée"}');
INSERT INTO "event" VALUES(53,'done-48','order_reopened',1785021780000,1785021780000,120,1,1785021780000,1,'','{"order":"tabliers"}');
CREATE TABLE help_call (
    station TEXT PRIMARY KEY,
    since_ms INTEGER NOT NULL
);
INSERT INTO "help_call" VALUES('cut-1',1785016320000);
CREATE TABLE lay (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders(id),
    number INTEGER NOT NULL,
    colour TEXT NOT NULL,
    marker TEXT NOT NULL,
    rolls TEXT NOT NULL,
    plies INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    cut_at_ms INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, number)
);
INSERT INTO "lay" VALUES(5,2,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785002880000,0);
INSERT INTO "lay" VALUES(6,3,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785003300000,0);
INSERT INTO "lay" VALUES(47,2,2,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,24,1785019260000,1);
INSERT INTO "lay" VALUES(49,4,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785020100000,1);
CREATE TABLE line_step (
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    operation TEXT NOT NULL,
    good INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    in_rework INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    presumed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (order_line_id, operation)
) WITHOUT ROWID;
INSERT INTO "line_step" VALUES(1,'cut',30,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(1,'finish',26,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(1,'sew',26,1,3,0,0,0,0);
INSERT INTO "line_step" VALUES(2,'cut',60,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(2,'finish',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(2,'sew',5,0,0,0,2,0,18);
INSERT INTO "line_step" VALUES(3,'cut',0,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'back',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'cut',30,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'finish',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'front',30,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(6,'cut',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(6,'front',18,0,0,0,0,0,0);
CREATE TABLE order_line (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders(id),
    size TEXT NOT NULL,
    colour TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    pieces_cut INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, size, colour)
);
INSERT INTO "order_line" VALUES(1,2,'S','Bleu',60,30);
INSERT INTO "order_line" VALUES(2,2,'M','Bleu',60,60);
INSERT INTO "order_line" VALUES(3,2,'L','Bleu',60,60);
INSERT INTO "order_line" VALUES(4,2,'XL','Bleu',60,30);
INSERT INTO "order_line" VALUES(5,3,'S','Bleu',60,30);
INSERT INTO "order_line" VALUES(6,3,'M','Bleu',60,60);
INSERT INTO "order_line" VALUES(7,3,'L','Bleu',60,60);
INSERT INTO "order_line" VALUES(8,3,'XL','Bleu',60,30);
INSERT INTO "order_line" VALUES(9,4,'S','Bleu',60,0);
INSERT INTO "order_line" VALUES(10,4,'M','Bleu',60,0);
INSERT INTO "order_line" VALUES(11,4,'L','Bleu',60,0);
INSERT INTO "order_line" VALUES(12,4,'XL','Bleu',60,0);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    client TEXT NOT NULL,
    contract TEXT NOT NULL,
    style TEXT NOT NULL,
    due TEXT NOT NULL,
    routing_id INTEGER NOT NULL,
    import_id TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at_ms INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    undone INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "orders" VALUES(2,'tabliers','Ville de Lille','M-2026-04','Tablier','2026-12-18',0,'import-1','commande.csv',1785002040000,240,44,0,0);
INSERT INTO "orders" VALUES(3,'vestes','Ville de Lille','M-2026-04','Veste','2026-12-18',1,'import-1','commande.csv',1785002040000,240,18,1,0);
INSERT INTO "orders" VALUES(4,'par erreur','Ville de Lille','M-2026-04','Robe','2026-12-18',0,'import-2','commande.csv',1785002460000,240,0,0,1);
CREATE TABLE print_job (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    bundle TEXT NOT NULL,
    duplicate INTEGER NOT NULL DEFAULT 0,
    printer TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'unknown', 'failed', 'cancelled')),
    bytes_sent INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER NOT NULL DEFAULT 0,
    rung TEXT NOT NULL DEFAULT '',
    fault TEXT NOT NULL DEFAULT '',
    queued_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL
);
INSERT INTO "print_job" VALUES(1,1,'BCDFBBBBBKKFXS',2,'étiquettes','50x30','queued',0,0,'','',1785017580000,1785017580000);
CREATE TABLE routing (
    id INTEGER PRIMARY KEY,
    style TEXT NOT NULL,
    version INTEGER NOT NULL,
    operations TEXT NOT NULL,
    UNIQUE (style, version)
);
INSERT INTO "routing" VALUES(1,'Veste',1,'[{"code": "cut", "section": "cut", "after": []}, {"code": "front", "section": "sew", "after": ["cut"]}, {"code": "back", "section": "sew", "after": ["cut"]}, {"code": "finish", "section": "finish", "after": ["front", "back"]}]');
CREATE TABLE scanner_notice (
    station TEXT PRIMARY KEY,
    came_from TEXT NOT NULL,
    at_ms INTEGER NOT NULL
);
CREATE TABLE scanner_seen (
    station TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    vendor TEXT NOT NULL,
    product TEXT NOT NULL,
    serial TEXT NOT NULL,
    port TEXT NOT NULL
);
CREATE TABLE station_asked (
    station TEXT PRIMARY KEY,
    quantities TEXT NOT NULL DEFAULT '',
    bundle TEXT NOT NULL DEFAULT '',
    choice TEXT NOT NULL DEFAULT '',
    asked_at_ms INTEGER NOT NULL
);
CREATE TABLE station_last (
    station TEXT PRIMARY KEY,
    seqs TEXT NOT NULL,
    bundle TEXT NOT NULL,
    operation TEXT NOT NULL,
    at_ms INTEGER NOT NULL
);
INSERT INTO "station_last" VALUES('cut-1','[32]','BCDFBBBBBVXCPP','cut',1785013380000);
INSERT INTO "station_last" VALUES('front-1','[33]','BCDFBBBBBVXCPP','front',1785013800000);
INSERT INTO "station_last" VALUES('back-1','[34]','BCDFBBBBBSXTBV','back',1785014220000);
CREATE TABLE undone_event (
    seq INTEGER PRIMARY KEY,
    undone_by INTEGER NOT NULL
);
INSERT INTO "undone_event" VALUES(21,23);
INSERT INTO "undone_event" VALUES(22,23);
INSERT INTO "undone_event" VALUES(26,27);
INSERT INTO "undone_event" VALUES(36,38);
INSERT INTO "undone_event" VALUES(37,38);
INSERT INTO "undone_event" VALUES(45,46);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TRIGGER event_never_updated BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER event_never_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'an event is recorded once'); END;
CREATE UNIQUE INDEX orders_code ON orders (code) WHERE undone = 0;
CREATE INDEX orders_running ON orders (due, id) WHERE undone = 0 AND closed = 0 AND finished < planned;
CREATE INDEX orders_import ON orders (import_id);
CREATE INDEX bundle_lay ON bundle (lay_id);
CREATE INDEX bundle_line_open ON bundle (order_line_id) WHERE in_progress <> 0;
CREATE INDEX bundle_step_waiting ON bundle_step (operation, waiting_since_ms) WHERE waiting > 0;
CREATE VIEW count_to_book AS
SELECT 0 AS seq, 0 AS at_ms, 0 AS bundle_id, 0 AS in_progress, '' AS steps, 0 AS order_id, 0 AS finished,
    0 AS order_line_id, '' AS operation,
    0 AS good, 0 AS second, 0 AS rejected, 0 AS in_rework, 0 AS missing, 0 AS presumed, 0 AS skipped,
    '' AS day, 0 AS hour, 0 AS hour_good, 0 AS hour_second, 0 AS hour_rejected, 0 AS hour_to_rework,
    0 AS hour_from_rework, 0 AS hour_presumed, 0 AS hour_missing,
    '' AS station, '' AS seqs, '' AS bundle
WHERE 0;
CREATE TRIGGER count_booked INSTEAD OF INSERT ON count_to_book
BEGIN
    INSERT INTO bundle_event VALUES (NEW.bundle_id, NEW.seq) ON CONFLICT DO NOTHING;
    INSERT INTO bundle_step (bundle_id, operation, good, second, rejected, in_rework, missing, presumed, skipped, done_at_ms,
        waiting, waiting_since_ms)
    SELECT NEW.bundle_id, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
        value ->> 8, value ->> 9, CASE value ->> 9 WHEN 0 THEN 0 ELSE NEW.at_ms END
    FROM json_each(NEW.steps) WHERE true
    ON CONFLICT DO UPDATE SET good = excluded.good, second = excluded.second, rejected = excluded.rejected,
        in_rework = excluded.in_rework, missing = excluded.missing, presumed = excluded.presumed, skipped = excluded.skipped,
        done_at_ms = excluded.done_at_ms, waiting = excluded.waiting,
        -- stays while any piece still waits: the oldest counts
        waiting_since_ms = CASE WHEN excluded.waiting = 0 THEN 0 WHEN waiting = 0 THEN excluded.waiting_since_ms
            ELSE waiting_since_ms END;
    UPDATE bundle SET in_progress = NEW.in_progress WHERE id = NEW.bundle_id AND in_progress <> NEW.in_progress;
    INSERT INTO line_step VALUES (NEW.order_line_id, NEW.operation, NEW.good, NEW.second, NEW.rejected, NEW.in_rework, NEW.missing,
        NEW.presumed, NEW.skipped)
    ON CONFLICT DO UPDATE SET good = good + excluded.good, second = second + excluded.second,
        rejected = rejected + excluded.rejected, in_rework = in_rework + excluded.in_rework, missing = missing + excluded.missing,
        presumed = presumed + excluded.presumed, skipped = skipped + excluded.skipped;
    UPDATE orders SET finished = finished + NEW.finished WHERE id = NEW.order_id AND NEW.finished <> 0;
    INSERT INTO count_hour (day, hour, operation, order_line_id, good, second, rejected, to_rework, from_rework, presumed, missing)
    VALUES (NEW.day, NEW.hour, NEW.operation, NEW.order_line_id, NEW.hour_good, NEW.hour_second, NEW.hour_rejected,
        NEW.hour_to_rework, NEW.hour_from_rework, NEW.hour_presumed, NEW.hour_missing)
    ON CONFLICT DO UPDATE SET good = good + excluded.good, second = second + excluded.second,
        rejected = rejected + excluded.rejected, to_rework = to_rework + excluded.to_rework,
        from_rework = from_rework + excluded.from_rework, presumed = presumed + excluded.presumed,
        missing = missing + excluded.missing;
    INSERT INTO station_last SELECT NEW.station, NEW.seqs, NEW.bundle, NEW.operation, NEW.at_ms WHERE NEW.seqs <> ''
    ON CONFLICT DO UPDATE SET seqs = excluded.seqs, bundle = excluded.bundle, operation = excluded.operation,
        at_ms = excluded.at_ms;
END;
CREATE INDEX print_job_queue ON print_job (printer, id) WHERE state IN ('queued', 'sending', 'sent');
CREATE INDEX print_job_bundle ON print_job (bundle);
CREATE INDEX print_job_batch ON print_job (batch);
COMMIT;
