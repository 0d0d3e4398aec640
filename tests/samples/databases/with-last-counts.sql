BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'floor','create_events','2026-11-27 18:29:29.704384+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'floor','create_projections','2026-11-27 18:29:29.705742+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'floor','create_working_tables','2026-11-27 18:29:29.706679+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'floor','create_scanner_place','2026-11-27 18:29:29.707208+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'floor','create_insertion_hours','2026-11-27 18:29:29.707629+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'floor','create_network_identity','2026-11-27 18:29:29.708040+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'floor','create_transfers','2026-11-27 18:29:29.710379+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'floor','create_day_sheets','2026-11-27 18:29:29.712099+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'floor','create_sync','2026-11-27 18:29:29.712695+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'floor','create_offers','2026-11-27 18:29:29.713701+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'floor','create_event_runs','2026-11-27 18:29:29.714405+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'floor','book_leanly','2026-11-27 18:29:29.715731+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'floor','create_sealed_people','2026-11-27 18:29:29.716242+00:00');
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
, sent INTEGER NOT NULL DEFAULT 0, received INTEGER NOT NULL DEFAULT 0);
INSERT INTO "bundle" VALUES(1,'BCDFBBBBBBSPLV',1,5,1,'A','R1',1,18,18,'open',0,0,0,0);
INSERT INTO "bundle" VALUES(2,'BCDFBBBBBCXBFT',1,5,2,'B','R2',19,30,12,'open',0,0,0,0);
INSERT INTO "bundle" VALUES(3,'BCDFBBBBBDCPBN',2,5,3,'A','R1',1,9,18,'open',0,0,0,0);
INSERT INTO "bundle" VALUES(4,'BCDFBBBBBFLTSP',2,5,4,'A','R1',10,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(5,'BCDFBBBBBGHJSR',2,5,5,'B','R2',19,24,12,'in_transit',0,0,12,0);
INSERT INTO "bundle" VALUES(6,'BCDFBBBBBHLSRP',2,5,6,'B','R2',25,30,12,'open',10,0,0,0);
INSERT INTO "bundle" VALUES(7,'BCDFBBBBBJPPTR',3,5,7,'A','R1',1,9,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(8,'BCDFBBBBBKHXJR',3,5,8,'A','R1',10,18,18,'open',18,2,0,0);
INSERT INTO "bundle" VALUES(9,'BCDFBBBBBLKCFT',3,5,9,'B','R2',19,24,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(10,'BCDFBBBBBNFGSD',3,5,10,'B','R2',25,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(11,'BCDFBBBBBPGTBF',4,5,11,'A','R1',1,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(12,'BCDFBBBBBRRKNV',4,5,12,'B','R2',19,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(13,'BCDFBBBBBSHXHF',5,6,1,'A','R1',1,18,18,'open',0,0,0,0);
INSERT INTO "bundle" VALUES(14,'BCDFBBBBBTNLCT',5,6,2,'B','R2',19,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(15,'BCDFBBBBBVNGGK',6,6,3,'A','R1',1,9,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(16,'BCDFBBBBBXFLXR',6,6,4,'A','R1',10,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(17,'BCDFBBBBCBPCRC',6,6,5,'B','R2',19,24,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(18,'BCDFBBBBCCHJJH',6,6,6,'B','R2',25,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(19,'BCDFBBBBCDNCXG',7,6,7,'A','R1',1,9,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(20,'BCDFBBBBCFRGCS',7,6,8,'A','R1',10,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(21,'BCDFBBBBCGRBJL',7,6,9,'B','R2',19,24,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(22,'BCDFBBBBCHGFKG',7,6,10,'B','R2',25,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(23,'BCDFBBBBCJLFKR',8,6,11,'A','R1',1,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(24,'BCDFBBBBCKJKLX',8,6,12,'B','R2',19,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(25,'CDFGBBBXPCBCKJ',14,-15901,1,'B','R7',1,20,20,'open',18,0,0,18);
INSERT INTO "bundle" VALUES(26,'CDFGBBBXPDBDBC',14,-15901,2,'B','R7',21,40,20,'open',20,0,0,20);
INSERT INTO "bundle" VALUES(27,'BCDFBBBBCLTKJH',15,66,1,'A','R1',1,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(28,'BCDFBBBBCNLKCJ',15,66,2,'B','R2',19,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(29,'BCDFBBBBCPRTKP',16,66,3,'A','R1',1,9,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(30,'BCDFBBBBCRNRSG',16,66,4,'A','R1',10,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(31,'BCDFBBBBCSHSSL',16,66,5,'B','R2',19,24,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(32,'BCDFBBBBCTJKGN',16,66,6,'B','R2',25,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(33,'BCDFBBBBCVRJBD',17,66,7,'A','R1',1,9,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(34,'BCDFBBBBCXCBJN',17,66,8,'A','R1',10,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(35,'BCDFBBBBDBJTNB',17,66,9,'B','R2',19,24,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(36,'BCDFBBBBDCFDSV',17,66,10,'B','R2',25,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(37,'BCDFBBBBDDKKVV',18,66,11,'A','R1',1,18,18,'open',18,0,0,0);
INSERT INTO "bundle" VALUES(38,'BCDFBBBBDFKGGJ',18,66,12,'B','R2',19,30,12,'open',12,0,0,0);
INSERT INTO "bundle" VALUES(39,'BCDFBBBBDGLGGV',15,67,13,'A','R1',1,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(40,'BCDFBBBBDHHBDB',15,67,14,'B','R2',19,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(41,'BCDFBBBBDJGBKK',16,67,15,'A','R1',1,9,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(42,'BCDFBBBBDKHFPN',16,67,16,'A','R1',10,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(43,'BCDFBBBBDLNNXH',16,67,17,'B','R2',19,24,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(44,'BCDFBBBBDNPSJR',16,67,18,'B','R2',25,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(45,'BCDFBBBBDPXNFT',17,67,19,'A','R1',1,9,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(46,'BCDFBBBBDRVRTC',17,67,20,'A','R1',10,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(47,'BCDFBBBBDSLKBC',17,67,21,'B','R2',19,24,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(48,'BCDFBBBBDTLRLG',17,67,22,'B','R2',25,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(49,'BCDFBBBBDVTKHF',18,67,23,'A','R1',1,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(50,'BCDFBBBBDXSRPB',18,67,24,'B','R2',19,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(51,'BCDFBBBBFBBBBF',1,77,13,'A','R1',1,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(52,'BCDFBBBBFCVHSH',1,77,14,'B','R2',19,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(53,'BCDFBBBBFDNXHD',2,77,15,'A','R1',1,9,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(54,'BCDFBBBBFFLGFX',2,77,16,'A','R1',10,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(55,'BCDFBBBBFGJTSB',2,77,17,'B','R2',19,24,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(56,'BCDFBBBBFHKNLB',2,77,18,'B','R2',25,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(57,'BCDFBBBBFJLVLR',3,77,19,'A','R1',1,9,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(58,'BCDFBBBBFKKGCJ',3,77,20,'A','R1',10,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(59,'BCDFBBBBFLDXTR',3,77,21,'B','R2',19,24,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(60,'BCDFBBBBFNVHTS',3,77,22,'B','R2',25,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(61,'BCDFBBBBFPCFVH',4,77,23,'A','R1',1,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(62,'BCDFBBBBFRVXTG',4,77,24,'B','R2',19,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(63,'BCDFBBBBFSKTPX',9,79,1,'A','R1',1,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(64,'BCDFBBBBFTSRRD',9,79,2,'B','R2',19,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(65,'BCDFBBBBFVTVCX',10,79,3,'A','R1',1,9,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(66,'BCDFBBBBFXDNSR',10,79,4,'A','R1',10,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(67,'BCDFBBBBGBNSXV',10,79,5,'B','R2',19,24,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(68,'BCDFBBBBGCBHDD',10,79,6,'B','R2',25,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(69,'BCDFBBBBGDSPBB',11,79,7,'A','R1',1,9,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(70,'BCDFBBBBGFLXXX',11,79,8,'A','R1',10,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(71,'BCDFBBBBGGDRRD',11,79,9,'B','R2',19,24,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(72,'BCDFBBBBGHCXCV',11,79,10,'B','R2',25,30,12,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(73,'BCDFBBBBGJCJRV',12,79,11,'A','R1',1,18,18,'cancelled',0,0,0,0);
INSERT INTO "bundle" VALUES(74,'BCDFBBBBGKBRKX',12,79,12,'B','R2',19,30,12,'cancelled',0,0,0,0);
CREATE TABLE bundle_event (
    bundle_id INTEGER NOT NULL REFERENCES bundle(id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (bundle_id, seq)
) WITHOUT ROWID;
INSERT INTO "bundle_event" VALUES(1,5);
INSERT INTO "bundle_event" VALUES(2,5);
INSERT INTO "bundle_event" VALUES(3,5);
INSERT INTO "bundle_event" VALUES(4,5);
INSERT INTO "bundle_event" VALUES(4,23);
INSERT INTO "bundle_event" VALUES(5,5);
INSERT INTO "bundle_event" VALUES(5,25);
INSERT INTO "bundle_event" VALUES(5,27);
INSERT INTO "bundle_event" VALUES(5,48);
INSERT INTO "bundle_event" VALUES(6,5);
INSERT INTO "bundle_event" VALUES(7,5);
INSERT INTO "bundle_event" VALUES(7,46);
INSERT INTO "bundle_event" VALUES(8,5);
INSERT INTO "bundle_event" VALUES(8,42);
INSERT INTO "bundle_event" VALUES(8,43);
INSERT INTO "bundle_event" VALUES(8,76);
INSERT INTO "bundle_event" VALUES(9,5);
INSERT INTO "bundle_event" VALUES(9,47);
INSERT INTO "bundle_event" VALUES(9,49);
INSERT INTO "bundle_event" VALUES(10,5);
INSERT INTO "bundle_event" VALUES(10,47);
INSERT INTO "bundle_event" VALUES(10,49);
INSERT INTO "bundle_event" VALUES(11,5);
INSERT INTO "bundle_event" VALUES(12,5);
INSERT INTO "bundle_event" VALUES(13,6);
INSERT INTO "bundle_event" VALUES(14,6);
INSERT INTO "bundle_event" VALUES(14,38);
INSERT INTO "bundle_event" VALUES(15,6);
INSERT INTO "bundle_event" VALUES(16,6);
INSERT INTO "bundle_event" VALUES(17,6);
INSERT INTO "bundle_event" VALUES(18,6);
INSERT INTO "bundle_event" VALUES(19,6);
INSERT INTO "bundle_event" VALUES(20,6);
INSERT INTO "bundle_event" VALUES(21,6);
INSERT INTO "bundle_event" VALUES(22,6);
INSERT INTO "bundle_event" VALUES(23,6);
INSERT INTO "bundle_event" VALUES(24,6);
INSERT INTO "bundle_event" VALUES(25,51);
INSERT INTO "bundle_event" VALUES(25,52);
INSERT INTO "bundle_event" VALUES(25,53);
INSERT INTO "bundle_event" VALUES(26,51);
INSERT INTO "bundle_event" VALUES(26,52);
INSERT INTO "bundle_event" VALUES(26,55);
INSERT INTO "bundle_event" VALUES(27,66);
INSERT INTO "bundle_event" VALUES(28,66);
INSERT INTO "bundle_event" VALUES(29,66);
INSERT INTO "bundle_event" VALUES(30,66);
INSERT INTO "bundle_event" VALUES(31,66);
INSERT INTO "bundle_event" VALUES(32,66);
INSERT INTO "bundle_event" VALUES(33,66);
INSERT INTO "bundle_event" VALUES(34,66);
INSERT INTO "bundle_event" VALUES(35,66);
INSERT INTO "bundle_event" VALUES(36,66);
INSERT INTO "bundle_event" VALUES(37,66);
INSERT INTO "bundle_event" VALUES(38,66);
INSERT INTO "bundle_event" VALUES(39,67);
INSERT INTO "bundle_event" VALUES(40,67);
INSERT INTO "bundle_event" VALUES(41,67);
INSERT INTO "bundle_event" VALUES(42,67);
INSERT INTO "bundle_event" VALUES(43,67);
INSERT INTO "bundle_event" VALUES(44,67);
INSERT INTO "bundle_event" VALUES(45,67);
INSERT INTO "bundle_event" VALUES(46,67);
INSERT INTO "bundle_event" VALUES(47,67);
INSERT INTO "bundle_event" VALUES(48,67);
INSERT INTO "bundle_event" VALUES(49,67);
INSERT INTO "bundle_event" VALUES(50,67);
INSERT INTO "bundle_event" VALUES(51,77);
INSERT INTO "bundle_event" VALUES(52,77);
INSERT INTO "bundle_event" VALUES(53,77);
INSERT INTO "bundle_event" VALUES(54,77);
INSERT INTO "bundle_event" VALUES(55,77);
INSERT INTO "bundle_event" VALUES(56,77);
INSERT INTO "bundle_event" VALUES(57,77);
INSERT INTO "bundle_event" VALUES(58,77);
INSERT INTO "bundle_event" VALUES(59,77);
INSERT INTO "bundle_event" VALUES(60,77);
INSERT INTO "bundle_event" VALUES(61,77);
INSERT INTO "bundle_event" VALUES(62,77);
INSERT INTO "bundle_event" VALUES(63,79);
INSERT INTO "bundle_event" VALUES(64,79);
INSERT INTO "bundle_event" VALUES(65,79);
INSERT INTO "bundle_event" VALUES(66,79);
INSERT INTO "bundle_event" VALUES(67,79);
INSERT INTO "bundle_event" VALUES(68,79);
INSERT INTO "bundle_event" VALUES(69,79);
INSERT INTO "bundle_event" VALUES(70,79);
INSERT INTO "bundle_event" VALUES(71,79);
INSERT INTO "bundle_event" VALUES(72,79);
INSERT INTO "bundle_event" VALUES(73,79);
INSERT INTO "bundle_event" VALUES(74,79);
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
    waiting_since_ms INTEGER NOT NULL DEFAULT 0, elsewhere INTEGER NOT NULL DEFAULT 0, counts TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (bundle_id, operation)
) WITHOUT ROWID;
INSERT INTO "bundle_step" VALUES(1,'cut',18,0,0,0,0,0,0,1785003720000,0,0,0,'7');
INSERT INTO "bundle_step" VALUES(1,'finish',14,0,0,0,0,0,0,1785007500000,0,0,0,'15');
INSERT INTO "bundle_step" VALUES(1,'sew',14,1,3,0,0,0,0,1785007080000,0,0,0,'13,14');
INSERT INTO "bundle_step" VALUES(2,'cut',12,0,0,0,0,0,0,1785004140000,0,0,0,'8');
INSERT INTO "bundle_step" VALUES(2,'finish',12,0,0,0,0,0,0,1785007920000,0,0,0,'17');
INSERT INTO "bundle_step" VALUES(2,'sew',12,0,0,0,0,0,0,1785008340000,0,0,0,'16,18');
INSERT INTO "bundle_step" VALUES(3,'cut',18,0,0,0,0,0,0,1785004560000,0,0,0,'9');
INSERT INTO "bundle_step" VALUES(3,'finish',18,0,0,0,0,0,0,1785008760000,0,0,0,'20');
INSERT INTO "bundle_step" VALUES(3,'sew',0,0,0,0,0,0,18,1785008760000,0,0,0,'19');
INSERT INTO "bundle_step" VALUES(4,'cut',18,0,0,0,0,0,0,1785004980000,0,0,0,'10');
INSERT INTO "bundle_step" VALUES(4,'finish',0,0,0,0,0,0,0,0,0,0,0,'22');
INSERT INTO "bundle_step" VALUES(4,'sew',0,0,0,0,0,0,0,0,18,1785009180000,0,'21');
INSERT INTO "bundle_step" VALUES(5,'cut',12,0,0,0,0,0,0,1785005400000,0,0,-12,'11');
INSERT INTO "bundle_step" VALUES(5,'finish',0,0,0,0,0,0,0,0,0,1785010020000,0,'');
INSERT INTO "bundle_step" VALUES(5,'sew',5,0,0,0,0,0,0,1785010860000,0,1785010860000,-5,'24,26');
INSERT INTO "bundle_step" VALUES(6,'cut',12,0,0,0,0,0,0,1785005820000,0,0,0,'12');
INSERT INTO "bundle_step" VALUES(6,'sew',0,0,0,0,2,0,0,1785018000000,10,1785005820000,0,'44');
INSERT INTO "bundle_step" VALUES(7,'cut',18,0,0,0,0,0,0,1784999340000,0,0,0,'45,73');
INSERT INTO "bundle_step" VALUES(7,'sew',0,0,0,0,0,0,0,0,18,1784999340000,0,'');
INSERT INTO "bundle_step" VALUES(8,'cut',0,0,0,0,0,0,0,0,18,1784999400000,0,'74');
INSERT INTO "bundle_step" VALUES(8,'sew',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(9,'cut',0,0,0,0,0,0,0,0,12,1785002880000,0,'');
INSERT INTO "bundle_step" VALUES(10,'cut',0,0,0,0,0,0,0,0,12,1785002880000,0,'');
INSERT INTO "bundle_step" VALUES(11,'cut',0,0,0,0,0,0,0,0,18,1785002880000,0,'');
INSERT INTO "bundle_step" VALUES(12,'cut',0,0,0,0,0,0,0,0,12,1785002880000,0,'');
INSERT INTO "bundle_step" VALUES(13,'back',18,0,0,0,0,0,0,1785014220000,0,0,0,'34');
INSERT INTO "bundle_step" VALUES(13,'cut',18,0,0,0,0,0,0,1785011700000,0,0,0,'28');
INSERT INTO "bundle_step" VALUES(13,'finish',18,0,0,0,0,0,0,1785014640000,0,0,0,'35');
INSERT INTO "bundle_step" VALUES(13,'front',18,0,0,0,0,0,0,1785012120000,0,0,0,'29');
INSERT INTO "bundle_step" VALUES(14,'back',0,0,0,0,0,0,0,0,12,1785015060000,0,'36');
INSERT INTO "bundle_step" VALUES(14,'cut',12,0,0,0,0,0,0,1785012540000,0,0,0,'30');
INSERT INTO "bundle_step" VALUES(14,'finish',0,0,0,0,0,0,0,0,0,0,0,'37');
INSERT INTO "bundle_step" VALUES(14,'front',12,0,0,0,0,0,0,1785012960000,0,0,0,'31');
INSERT INTO "bundle_step" VALUES(15,'back',0,0,0,0,0,0,0,0,18,1785013380000,0,'');
INSERT INTO "bundle_step" VALUES(15,'cut',18,0,0,0,0,0,0,1785013380000,0,0,0,'32');
INSERT INTO "bundle_step" VALUES(15,'front',18,0,0,0,0,0,0,1785013800000,0,0,0,'33');
INSERT INTO "bundle_step" VALUES(16,'cut',0,0,0,0,0,0,0,0,18,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(17,'cut',0,0,0,0,0,0,0,0,12,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(18,'cut',0,0,0,0,0,0,0,0,12,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(19,'cut',0,0,0,0,0,0,0,0,18,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(20,'cut',0,0,0,0,0,0,0,0,18,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(21,'cut',0,0,0,0,0,0,0,0,12,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(22,'cut',0,0,0,0,0,0,0,0,12,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(23,'cut',0,0,0,0,0,0,0,0,18,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(24,'cut',0,0,0,0,0,0,0,0,12,1785003300000,0,'');
INSERT INTO "bundle_step" VALUES(25,'cut',0,0,0,0,0,0,0,0,0,0,18,'');
INSERT INTO "bundle_step" VALUES(25,'finish',0,0,0,0,0,0,0,0,18,1785021780000,0,'');
INSERT INTO "bundle_step" VALUES(25,'sew',6,0,0,0,0,0,0,1785022200000,0,0,12,'54');
INSERT INTO "bundle_step" VALUES(26,'cut',0,0,0,0,0,0,0,0,0,0,20,'');
INSERT INTO "bundle_step" VALUES(26,'finish',0,0,0,0,0,0,0,0,12,1785022620000,0,'');
INSERT INTO "bundle_step" VALUES(26,'sew',0,0,0,0,0,0,0,0,8,1785022620000,12,'');
INSERT INTO "bundle_step" VALUES(27,'cut',0,0,0,0,0,0,0,0,18,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(28,'cut',0,0,0,0,0,0,0,0,12,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(29,'cut',0,0,0,0,0,0,0,0,18,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(30,'cut',0,0,0,0,0,0,0,0,18,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(31,'cut',0,0,0,0,0,0,0,0,12,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(32,'cut',0,0,0,0,0,0,0,0,12,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(33,'cut',0,0,0,0,0,0,0,0,18,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(34,'cut',0,0,0,0,0,0,0,0,18,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(35,'cut',0,0,0,0,0,0,0,0,12,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(36,'cut',0,0,0,0,0,0,0,0,12,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(37,'cut',0,0,0,0,0,0,0,0,18,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(38,'cut',0,0,0,0,0,0,0,0,12,1785026400000,0,'');
INSERT INTO "bundle_step" VALUES(39,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(40,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(41,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(42,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(43,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(44,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(45,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(46,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(47,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(48,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(49,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(50,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(51,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(52,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(53,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(54,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(55,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(56,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(57,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(58,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(59,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(60,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(61,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(62,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(63,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(64,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(65,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(66,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(67,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(68,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(69,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(70,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(71,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(72,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(73,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
INSERT INTO "bundle_step" VALUES(74,'cut',0,0,0,0,0,0,0,0,0,0,0,'');
CREATE TABLE clock_shift (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    shift_ms INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL,
    from_hour INTEGER NOT NULL,
    to_hour INTEGER NOT NULL,
    by_seq INTEGER NOT NULL
);
INSERT INTO "clock_shift" VALUES(73,74,602940000,120,495835,495835,75);
CREATE TABLE code_reserve (
    site TEXT PRIMARY KEY,
    next_sequence INTEGER NOT NULL
);
INSERT INTO "code_reserve" VALUES('BCDF',72);
CREATE TABLE correction (
    corrected INTEGER NOT NULL,
    by_seq INTEGER NOT NULL,
    PRIMARY KEY (corrected, by_seq)
) WITHOUT ROWID;
INSERT INTO "correction" VALUES(47,49);
INSERT INTO "correction" VALUES(48,50);
INSERT INTO "correction" VALUES(51,52);
INSERT INTO "correction" VALUES(53,55);
INSERT INTO "correction" VALUES(67,68);
INSERT INTO "correction" VALUES(77,78);
INSERT INTO "correction" VALUES(79,80);
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
INSERT INTO "count_hour" VALUES('2026-07-18',19,'cut',3,0,0,0,0,0,0,0,0);
INSERT INTO "count_hour" VALUES('2026-07-25',19,'cut',3,18,0,0,0,0,0,0,0);
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
INSERT INTO "count_hour" VALUES('2026-07-26',1,'sew',14,6,0,0,0,0,0,0,0);
CREATE TABLE day_sheet (
    day TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    figures_digest TEXT NOT NULL,
    body BLOB NOT NULL,
    as_of INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    made_at_ms INTEGER NOT NULL,
    acknowledged_revision INTEGER NOT NULL DEFAULT 0,
    acknowledged_digest TEXT NOT NULL DEFAULT '',
    acknowledged_at_ms INTEGER NOT NULL DEFAULT 0,
    trouble TEXT NOT NULL DEFAULT '',
    trouble_detail TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE day_to_sum_up (
    day TEXT PRIMARY KEY,
    since_seq INTEGER NOT NULL
) WITHOUT ROWID;
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
INSERT INTO "event" VALUES(5,'tabliers-lay-1','lay_cut',1785002880000,1785002880000,120,1,1785002880000,1,'','{"order":"tabliers","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBBBSPLV",1,"S","A","R1",1,18,18],["BCDFBBBBBCXBFT",2,"S","B","R2",19,30,12],["BCDFBBBBBDCPBN",3,"M","A","R1",1,9,18],["BCDFBBBBBFLTSP",4,"M","A","R1",10,18,18],["BCDFBBBBBGHJSR",5,"M","B","R2",19,24,12],["BCDFBBBBBHLSRP",6,"M","B","R2",25,30,12],["BCDFBBBBBJPPTR",7,"L","A","R1",1,9,18],["BCDFBBBBBKHXJR",8,"L","A","R1",10,18,18],["BCDFBBBBBLKCFT",9,"L","B","R2",19,24,12],["BCDFBBBBBNFGSD",10,"L","B","R2",25,30,12],["BCDFBBBBBPGTBF",11,"XL","A","R1",1,18,18],["BCDFBBBBBRRKNV",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(6,'vestes-lay-1','lay_cut',1785003300000,1785003300000,120,1,1785003300000,1,'','{"order":"vestes","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBBSHXHF",1,"S","A","R1",1,18,18],["BCDFBBBBBTNLCT",2,"S","B","R2",19,30,12],["BCDFBBBBBVNGGK",3,"M","A","R1",1,9,18],["BCDFBBBBBXFLXR",4,"M","A","R1",10,18,18],["BCDFBBBBCBPCRC",5,"M","B","R2",19,24,12],["BCDFBBBBCCHJJH",6,"M","B","R2",25,30,12],["BCDFBBBBCDNCXG",7,"L","A","R1",1,9,18],["BCDFBBBBCFRGCS",8,"L","A","R1",10,18,18],["BCDFBBBBCGRBJL",9,"L","B","R2",19,24,12],["BCDFBBBBCHGFKG",10,"L","B","R2",25,30,12],["BCDFBBBBCJLFKR",11,"XL","A","R1",1,18,18],["BCDFBBBBCKJKLX",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(7,'done-5','step_done',1785003720000,1785003720000,120,1,1785003720000,1,'cut-1','{"bundle":"BCDFBBBBBBSPLV","operation":"cut","good":18}');
INSERT INTO "event" VALUES(8,'done-6','step_done',1785004140000,1785004140000,120,1,1785004140000,1,'cut-1','{"bundle":"BCDFBBBBBCXBFT","operation":"cut","good":12}');
INSERT INTO "event" VALUES(9,'done-7','step_done',1785004560000,1785004560000,120,1,1785004560000,1,'cut-1','{"bundle":"BCDFBBBBBDCPBN","operation":"cut","good":18}');
INSERT INTO "event" VALUES(10,'done-8','step_done',1785004980000,1785004980000,120,1,1785004980000,1,'cut-1','{"bundle":"BCDFBBBBBFLTSP","operation":"cut","good":18}');
INSERT INTO "event" VALUES(11,'done-9','step_done',1785005400000,1785005400000,120,1,1785005400000,1,'cut-1','{"bundle":"BCDFBBBBBGHJSR","operation":"cut","good":12}');
INSERT INTO "event" VALUES(12,'done-10','step_done',1785005820000,1785005820000,120,1,1785005820000,1,'cut-1','{"bundle":"BCDFBBBBBHLSRP","operation":"cut","good":12}');
INSERT INTO "event" VALUES(13,'done-11','step_done',1785006240000,1785006240000,120,1,1785006240000,1,'sew-1','{"bundle":"BCDFBBBBBBSPLV","operation":"sew","good":12,"second":1,"rejected":2,"to_rework":3}');
INSERT INTO "event" VALUES(14,'done-13','rework_done',1785007080000,1785007080000,120,1,1785007080000,1,'sew-1','{"bundle":"BCDFBBBBBBSPLV","operation":"sew","good":2,"rejected":1}');
INSERT INTO "event" VALUES(15,'done-14','step_done',1785007500000,1785007500000,120,1,1785007500000,1,'finish-1','{"bundle":"BCDFBBBBBBSPLV","operation":"finish","good":14}');
INSERT INTO "event" VALUES(16,'done-15#1','step_presumed',1785007920000,1785007920000,120,1,1785007920000,1,'finish-1','{"bundle":"BCDFBBBBBCXBFT","operation":"sew","pieces":12}');
INSERT INTO "event" VALUES(17,'done-15','step_done',1785007920000,1785007920000,120,1,1785007920000,1,'finish-1','{"bundle":"BCDFBBBBBCXBFT","operation":"finish","good":12,"steps_with_it":1}');
INSERT INTO "event" VALUES(18,'done-16','step_done',1785008340000,1785008340000,120,1,1785008340000,1,'sew-1','{"bundle":"BCDFBBBBBCXBFT","operation":"sew","good":12,"replaces_presumed":12}');
INSERT INTO "event" VALUES(19,'done-17#1','step_skipped',1785008760000,1785008760000,120,1,1785008760000,1,'finish-1','{"bundle":"BCDFBBBBBDCPBN","operation":"sew","pieces":18}');
INSERT INTO "event" VALUES(20,'done-17','step_done',1785008760000,1785008760000,120,1,1785008760000,1,'finish-1','{"bundle":"BCDFBBBBBDCPBN","operation":"finish","good":18,"steps_with_it":1}');
INSERT INTO "event" VALUES(21,'done-18#1','step_presumed',1785009180000,1785009180000,120,1,1785009180000,1,'finish-1','{"bundle":"BCDFBBBBBFLTSP","operation":"sew","pieces":18}');
INSERT INTO "event" VALUES(22,'done-18','step_done',1785009180000,1785009180000,120,1,1785009180000,1,'finish-1','{"bundle":"BCDFBBBBBFLTSP","operation":"finish","good":18,"steps_with_it":1}');
INSERT INTO "event" VALUES(23,'done-19','count_undone',1785009600000,1785009600000,120,1,1785009600000,1,'finish-1','{"events":[22,21]}');
INSERT INTO "event" VALUES(24,'done-20','step_done',1785010020000,1785010020000,120,1,1785010020000,1,'sew-1','{"bundle":"BCDFBBBBBGHJSR","operation":"sew","good":5}');
INSERT INTO "event" VALUES(25,'done-21','defect_found',1785010440000,1785010440000,120,1,1785010440000,1,'sew-1','{"bundle":"BCDFBBBBBGHJSR","operation":"sew","defect":4}');
INSERT INTO "event" VALUES(26,'done-22','step_done',1785010860000,1785010860000,120,1,1785010860000,1,'sew-1','{"bundle":"BCDFBBBBBGHJSR","operation":"sew","good":7}');
INSERT INTO "event" VALUES(27,'done-23','count_undone',1785011280000,1785011280000,120,1,1785011280000,1,'','{"events":[26],"reason":"mal compté"}');
INSERT INTO "event" VALUES(28,'done-24','step_done',1785011700000,1785011700000,120,1,1785011700000,1,'cut-1','{"bundle":"BCDFBBBBBSHXHF","operation":"cut","good":18}');
INSERT INTO "event" VALUES(29,'done-25','step_done',1785012120000,1785012120000,120,1,1785012120000,1,'front-1','{"bundle":"BCDFBBBBBSHXHF","operation":"front","good":18}');
INSERT INTO "event" VALUES(30,'done-26','step_done',1785012540000,1785012540000,120,1,1785012540000,1,'cut-1','{"bundle":"BCDFBBBBBTNLCT","operation":"cut","good":12}');
INSERT INTO "event" VALUES(31,'done-27','step_done',1785012960000,1785012960000,120,1,1785012960000,1,'front-1','{"bundle":"BCDFBBBBBTNLCT","operation":"front","good":12}');
INSERT INTO "event" VALUES(32,'done-28','step_done',1785013380000,1785013380000,120,1,1785013380000,1,'cut-1','{"bundle":"BCDFBBBBBVNGGK","operation":"cut","good":18}');
INSERT INTO "event" VALUES(33,'done-29','step_done',1785013800000,1785013800000,120,1,1785013800000,1,'front-1','{"bundle":"BCDFBBBBBVNGGK","operation":"front","good":18}');
INSERT INTO "event" VALUES(34,'done-30','step_done',1785014220000,1785014220000,120,1,1785014220000,1,'back-1','{"bundle":"BCDFBBBBBSHXHF","operation":"back","good":18}');
INSERT INTO "event" VALUES(35,'done-31','step_done',1785014640000,1785014640000,120,1,1785014640000,1,'finish-1','{"bundle":"BCDFBBBBBSHXHF","operation":"finish","good":18}');
INSERT INTO "event" VALUES(36,'done-32#1','step_presumed',1785015060000,1785015060000,120,1,1785015060000,1,'finish-1','{"bundle":"BCDFBBBBBTNLCT","operation":"back","pieces":12}');
INSERT INTO "event" VALUES(37,'done-32','step_done',1785015060000,1785015060000,120,1,1785015060000,1,'finish-1','{"bundle":"BCDFBBBBBTNLCT","operation":"finish","good":12,"steps_with_it":1}');
INSERT INTO "event" VALUES(38,'done-33','count_undone',1785015480000,1785015480000,120,1,1785015480000,1,'finish-1','{"events":[37,36]}');
INSERT INTO "event" VALUES(39,'done-34','help_called',1785015900000,1785015900000,120,1,1785015900000,1,'sew-1','{}');
INSERT INTO "event" VALUES(40,'done-35','help_called',1785016320000,1785016320000,120,1,1785016320000,1,'cut-1','{}');
INSERT INTO "event" VALUES(41,'done-36','help_answered',1785016740000,1785016740000,120,1,1785016740000,1,'sew-1','{}');
INSERT INTO "event" VALUES(42,'done-37','label_reprinted',1785017160000,1785017160000,120,1,1785017160000,1,'','{"bundle":"BCDFBBBBBKHXJR","duplicate":1}');
INSERT INTO "event" VALUES(43,'done-38','label_reprinted',1785017580000,1785017580000,120,1,1785017580000,1,'','{"bundle":"BCDFBBBBBKHXJR","duplicate":2}');
INSERT INTO "event" VALUES(44,'done-39','pieces_declared_missing',1785018000000,1785018000000,120,1,1785018000000,1,'','{"bundle":"BCDFBBBBBHLSRP","operation":"sew","pieces":2,"reason":"tombées derrière la table"}');
INSERT INTO "event" VALUES(45,'done-40','pieces_declared_missing',1785018420000,1785018420000,120,1,1785018420000,1,'','{"bundle":"BCDFBBBBBJPPTR","operation":"cut","pieces":2,"reason":"tombées derrière la table"}');
INSERT INTO "event" VALUES(46,'done-41','count_undone',1785018840000,1785018840000,120,1,1785018840000,1,'','{"events":[45],"reason":"retrouvées"}');
INSERT INTO "event" VALUES(47,'done-42','bundles_sent',1785019260000,1785019260000,120,1,1785019260000,1,'','{"note":"ATL07-RRRRRR","to":"LYON-2","to_name":"ESAT de Lyon","order":"tabliers","bundles":[["BCDFBBBBBLKCFT",12,[]],["BCDFBBBBBNFGSD",12,[]]]}');
INSERT INTO "event" VALUES(48,'done-43','bundles_sent',1785019680000,1785019680000,120,1,1785019680000,1,'','{"note":"ATL07-SSSSSS","to":"LYON-2","to_name":"ESAT de Lyon","order":"tabliers","bundles":[["BCDFBBBBBGHJSR",12,[["cut",12],["sew",5]]]]}');
INSERT INTO "event" VALUES(49,'done-44','transfer_cancelled',1785020100000,1785020100000,120,1,1785020100000,1,'','{"note":"ATL07-RRRRRR","reason":"camion en panne"}');
INSERT INTO "event" VALUES(50,'done-45','transfer_confirmed',1785020520000,1785020520000,120,1,1785020520000,1,'','{"note":"ATL07-SSSSSS","received":1,"source":"centre"}');
INSERT INTO "event" VALUES(51,'done-46','bundles_received',1785020940000,1785020940000,120,1,1785020940000,1,'','{"note":"LYON-2-BCDFGH","sender":"LYON-2","sender_name":"ESAT de Lyon","order":"2026-0900","order_here":"2026-0900","routing":[{"code":"cut","section":"cut","after":[]},{"code":"sew","section":"sew","after":["cut"]},{"code":"finish","section":"finish","after":["sew"]}],"bundles":[["CDFGBBBXPCBCKJ",1,12,"M","Écru","B","R7",3,1,20,20,20,20,[["cut",20],["sew",12]]],["CDFGBBBXPDBDBC",2,12,"M","Écru","B","R7",3,21,40,20,20,20,[["cut",20],["sew",12]]]],"client":"Ville de Lyon","style":"Blouse","due":"2026-12-18"}');
INSERT INTO "event" VALUES(52,'done-47','receipt_undone',1785021360000,1785021360000,120,1,1785021360000,1,'','{"note":"LYON-2-BCDFGH","reason":"mauvais bon"}');
INSERT INTO "event" VALUES(53,'done-48','bundles_received',1785021780000,1785021780000,120,1,1785021780000,1,'','{"note":"LYON-2-BCDFGH","sender":"LYON-2","sender_name":"ESAT de Lyon","order":"2026-0900","order_here":"2026-0900","routing":[{"code":"cut","section":"cut","after":[]},{"code":"sew","section":"sew","after":["cut"]},{"code":"finish","section":"finish","after":["sew"]}],"bundles":[["CDFGBBBXPCBCKJ",1,12,"M","Écru","B","R7",3,1,20,20,20,18,[["cut",20],["sew",12]]],["CDFGBBBXPDBDBC",2,12,"M","Écru","B","R7",3,21,40,20,20,0,[["cut",20],["sew",12]]]],"client":"Ville de Lyon","style":"Blouse","due":"2026-12-18"}');
INSERT INTO "event" VALUES(54,'done-49','step_done',1785022200000,1785022200000,120,1,1785022200000,1,'sew-1','{"bundle":"CDFGBBBXPCBCKJ","operation":"sew","good":6}');
INSERT INTO "event" VALUES(55,'done-50','discrepancy_settled',1785022620000,1785022620000,120,1,1785022620000,1,'','{"note":"LYON-2-BCDFGH","reason":"dans l’autre camion","arrived":[["CDFGBBBXPDBDBC",20]]}');
INSERT INTO "event" VALUES(56,'done-51','insertion_hours_confirmed',1785023040000,1785023040000,120,1,1785023040000,1,'','{"day":"2026-07-25","totals":[["M-2026-04",1260,6],["M-2026-07",210,0]]}');
INSERT INTO "event" VALUES(57,'done-52','insertion_hours_confirmed',1785023460000,1785023460000,120,1,1785023460000,1,'','{"day":"2026-07-25","totals":[["M-2026-04",1260,6],["M-2026-07",180,0]]}');
INSERT INTO "event" VALUES(58,'done-53','order_shared',1785023880000,1785023880000,120,1,1785023880000,1,'','{"order":"tabliers","shared":true}');
INSERT INTO "event" VALUES(59,'done-54','order_shared',1785024300000,1785024300000,120,1,1785024300000,1,'','{"order":"vestes","shared":true}');
INSERT INTO "event" VALUES(60,'done-55','order_shared',1785024720000,1785024720000,120,1,1785024720000,1,'','{"order":"vestes","shared":false}');
INSERT INTO "event" VALUES(61,'done-56','offer_answered',1785025140000,1785025140000,120,1,1785025140000,1,'','{"allocation":"A-2","revision":1,"answer":"refused","reason":"trop tôt"}');
INSERT INTO "event" VALUES(62,'done-57','order_imported',1785025560000,1785025560000,120,1,1785025560000,1,'','{"import_id":"done-57","order":"R-2026-7","lines":[["S","Bleu",60],["M","Bleu",60],["L","Bleu",60],["XL","Bleu",60]],"routing_id":0,"client":"Région Hauts-de-France","contract":"M-2026-09","style":"Tunique","due":"2027-03-12","source":"Réseau","allocation":"A-1"}');
INSERT INTO "event" VALUES(63,'done-57#answer','offer_answered',1785025560000,1785025560000,120,1,1785025560000,1,'','{"allocation":"A-1","revision":1,"answer":"accepted","promised":"2026-09-01"}');
INSERT INTO "event" VALUES(64,'done-58','order_revised',1785025980000,1785025980000,120,1,1785025980000,1,'','{"order":"tabliers","lines":[["S","Bleu",60],["M","Bleu",60],["L","Bleu",60],["XL","Bleu",60]],"allocation":"A-3","client":"Région Hauts-de-France","contract":"M-2026-09","style":"Tunique","due":"2027-03-12"}');
INSERT INTO "event" VALUES(65,'done-58#answer','offer_answered',1785025980000,1785025980000,120,1,1785025980000,1,'','{"allocation":"A-3","revision":1,"answer":"accepted"}');
INSERT INTO "event" VALUES(66,'R-2026-7-lay-1','lay_cut',1785026400000,1785026400000,120,1,1785026400000,1,'','{"order":"R-2026-7","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBCLTKJH",1,"S","A","R1",1,18,18],["BCDFBBBBCNLKCJ",2,"S","B","R2",19,30,12],["BCDFBBBBCPRTKP",3,"M","A","R1",1,9,18],["BCDFBBBBCRNRSG",4,"M","A","R1",10,18,18],["BCDFBBBBCSHSSL",5,"M","B","R2",19,24,12],["BCDFBBBBCTJKGN",6,"M","B","R2",25,30,12],["BCDFBBBBCVRJBD",7,"L","A","R1",1,9,18],["BCDFBBBBCXCBJN",8,"L","A","R1",10,18,18],["BCDFBBBBDBJTNB",9,"L","B","R2",19,24,12],["BCDFBBBBDCFDSV",10,"L","B","R2",25,30,12],["BCDFBBBBDDKKVV",11,"XL","A","R1",1,18,18],["BCDFBBBBDFKGGJ",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(67,'R-2026-7-lay-2','lay_cut',1785026820000,1785026820000,120,1,1785026820000,1,'','{"order":"R-2026-7","lay_number":2,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBDGLGGV",13,"S","A","R1",1,18,18],["BCDFBBBBDHHBDB",14,"S","B","R2",19,30,12],["BCDFBBBBDJGBKK",15,"M","A","R1",1,9,18],["BCDFBBBBDKHFPN",16,"M","A","R1",10,18,18],["BCDFBBBBDLNNXH",17,"M","B","R2",19,24,12],["BCDFBBBBDNPSJR",18,"M","B","R2",25,30,12],["BCDFBBBBDPXNFT",19,"L","A","R1",1,9,18],["BCDFBBBBDRVRTC",20,"L","A","R1",10,18,18],["BCDFBBBBDSLKBC",21,"L","B","R2",19,24,12],["BCDFBBBBDTLRLG",22,"L","B","R2",25,30,12],["BCDFBBBBDVTKHF",23,"XL","A","R1",1,18,18],["BCDFBBBBDXSRPB",24,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(68,'done-61','lay_undone',1785027240000,1785027240000,120,1,1785027240000,1,'','{"order":"R-2026-7","lay_number":2,"reason":"erreur"}');
INSERT INTO "event" VALUES(69,'done-62','order_revised',1785027660000,1785027660000,120,1,1785027660000,1,'','{"order":"R-2026-7","lines":[["S","Bleu",30],["M","Bleu",90],["L","Bleu",60],["XL","Bleu",30],["XXL","Bleu",5]],"allocation":"A-1","client":"Région Hauts-de-France","contract":"M-2026-09","style":"Tunique","due":"2027-03-12"}');
INSERT INTO "event" VALUES(70,'done-62#answer','offer_answered',1785027660000,1785027660000,120,1,1785027660000,1,'','{"allocation":"A-1","revision":2,"answer":"accepted"}');
INSERT INTO "event" VALUES(71,'done-63','offer_answered',1785028080000,1785028080000,120,1,1785028080000,1,'','{"allocation":"A-1","revision":3,"answer":"noted"}');
INSERT INTO "event" VALUES(72,'done-63#order','order_revised',1785028080000,1785028080000,120,1,1785028080000,1,'','{"order":"R-2026-7","lines":[["S","Bleu",30],["M","Bleu",60],["L","Bleu",60],["XL","Bleu",30]],"allocation":"A-1","client":"Région Hauts-de-France","contract":"M-2026-09","style":"Tunique","due":"2027-03-12","cutting":false}');
INSERT INTO "event" VALUES(73,'past-0','step_done',1784396400000,1784396400000,120,1,1784396400000,0,'cut-1','{"bundle":"BCDFBBBBBJPPTR","operation":"cut","good":18}');
INSERT INTO "event" VALUES(74,'past-1','step_done',1784396460000,1784396460000,120,1,1784396460000,0,'cut-1','{"bundle":"BCDFBBBBBKHXJR","operation":"cut","good":18}');
INSERT INTO "event" VALUES(75,'clock-1','clock_put_right',1785001200000,1785001200000,120,1,1784398260000,1,'','{"boot_id":"boot-1","shift_ms":602940000,"first":73,"last":74,"utc_offset_minutes":120}');
INSERT INTO "event" VALUES(76,'done-64','count_undone',1785028500000,1785028500000,120,1,1785028500000,1,'cut-1','{"events":[74]}');
INSERT INTO "event" VALUES(77,'tabliers-lay-2','lay_cut',1785028920000,1785028920000,120,1,1785028920000,1,'','{"order":"tabliers","lay_number":2,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBFBBBBF",13,"S","A","R1",1,18,18],["BCDFBBBBFCVHSH",14,"S","B","R2",19,30,12],["BCDFBBBBFDNXHD",15,"M","A","R1",1,9,18],["BCDFBBBBFFLGFX",16,"M","A","R1",10,18,18],["BCDFBBBBFGJTSB",17,"M","B","R2",19,24,12],["BCDFBBBBFHKNLB",18,"M","B","R2",25,30,12],["BCDFBBBBFJLVLR",19,"L","A","R1",1,9,18],["BCDFBBBBFKKGCJ",20,"L","A","R1",10,18,18],["BCDFBBBBFLDXTR",21,"L","B","R2",19,24,12],["BCDFBBBBFNVHTS",22,"L","B","R2",25,30,12],["BCDFBBBBFPCFVH",23,"XL","A","R1",1,18,18],["BCDFBBBBFRVXTG",24,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(78,'done-66','lay_undone',1785029340000,1785029340000,120,1,1785029340000,1,'','{"order":"tabliers","lay_number":2,"reason":"mauvais coloris"}');
INSERT INTO "event" VALUES(79,'par erreur-lay-1','lay_cut',1785029760000,1785029760000,120,1,1785029760000,1,'','{"order":"par erreur","lay_number":1,"colour":"Bleu","marker":[["S",1],["M",2],["L",2],["XL",1]],"rolls":[[18,"A","R1"],[12,"B","R2"]],"bundles":[["BCDFBBBBFSKTPX",1,"S","A","R1",1,18,18],["BCDFBBBBFTSRRD",2,"S","B","R2",19,30,12],["BCDFBBBBFVTVCX",3,"M","A","R1",1,9,18],["BCDFBBBBFXDNSR",4,"M","A","R1",10,18,18],["BCDFBBBBGBNSXV",5,"M","B","R2",19,24,12],["BCDFBBBBGCBHDD",6,"M","B","R2",25,30,12],["BCDFBBBBGDSPBB",7,"L","A","R1",1,9,18],["BCDFBBBBGFLXXX",8,"L","A","R1",10,18,18],["BCDFBBBBGGDRRD",9,"L","B","R2",19,24,12],["BCDFBBBBGHCXCV",10,"L","B","R2",25,30,12],["BCDFBBBBGJCJRV",11,"XL","A","R1",1,18,18],["BCDFBBBBGKBRKX",12,"XL","B","R2",19,30,12]]}');
INSERT INTO "event" VALUES(80,'done-68','import_undone',1785030180000,1785030180000,120,1,1785030180000,1,'','{"import_id":"import-2"}');
INSERT INTO "event" VALUES(81,'done-69','order_closed',1785030600000,1785030600000,120,1,1785030600000,1,'','{"order":"tabliers","reason":"livrée"}');
INSERT INTO "event" VALUES(82,'done-70','order_closed',1785031020000,1785031020000,120,1,1785031020000,1,'','{"order":"vestes","reason":"livrée"}');
INSERT INTO "event" VALUES(83,'done-71','order_reopened',1785031440000,1785031440000,120,1,1785031440000,1,'','{"order":"tabliers"}');
CREATE TABLE event_run (
    first INTEGER PRIMARY KEY,
    hour INTEGER NOT NULL,
    boot INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL
);
INSERT INTO "event_run" VALUES(1,495835,1,1);
INSERT INTO "event_run" VALUES(4,495836,1,1);
INSERT INTO "event_run" VALUES(13,495837,1,1);
INSERT INTO "event_run" VALUES(23,495838,1,1);
INSERT INTO "event_run" VALUES(32,495839,1,1);
INSERT INTO "event_run" VALUES(42,495840,1,1);
INSERT INTO "event_run" VALUES(50,495841,1,1);
INSERT INTO "event_run" VALUES(59,495842,1,1);
INSERT INTO "event_run" VALUES(69,495843,1,1);
INSERT INTO "event_run" VALUES(73,495667,1,0);
INSERT INTO "event_run" VALUES(75,495835,1,1);
INSERT INTO "event_run" VALUES(76,495843,1,1);
INSERT INTO "event_run" VALUES(83,495844,1,1);
CREATE TABLE help_call (
    station TEXT PRIMARY KEY,
    since_ms INTEGER NOT NULL
);
INSERT INTO "help_call" VALUES('cut-1',1785016320000);
CREATE TABLE insertion_hours (
    day TEXT NOT NULL,
    contract TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (day, contract)
) WITHOUT ROWID;
INSERT INTO "insertion_hours" VALUES('2026-07-25','M-2026-04',1260,6);
INSERT INTO "insertion_hours" VALUES('2026-07-25','M-2026-07',180,0);
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
    undone INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', cut_as INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, number)
);
INSERT INTO "lay" VALUES(-15901,53,-1,'Écru','[]','[]',0,0,12,1785021780000,0,'LYON-2-BCDFGH',3);
INSERT INTO "lay" VALUES(-15301,51,-1,'Écru','[]','[]',0,0,12,1785020940000,1,'LYON-2-BCDFGH',3);
INSERT INTO "lay" VALUES(5,2,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785002880000,0,'',0);
INSERT INTO "lay" VALUES(6,3,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785003300000,0,'',0);
INSERT INTO "lay" VALUES(66,62,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785026400000,0,'',0);
INSERT INTO "lay" VALUES(67,62,2,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,24,1785026820000,1,'',0);
INSERT INTO "lay" VALUES(77,2,2,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,24,1785028920000,1,'',0);
INSERT INTO "lay" VALUES(79,4,1,'Bleu','[["S", 1], ["M", 2], ["L", 2], ["XL", 1]]','[[18, "A", "R1"], [12, "B", "R2"]]',30,180,12,1785029760000,1,'',0);
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
INSERT INTO "line_step" VALUES(3,'cut',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'back',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'cut',30,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'finish',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(5,'front',30,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(6,'cut',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(6,'front',18,0,0,0,0,0,0);
INSERT INTO "line_step" VALUES(14,'sew',6,0,0,0,0,0,0);
CREATE TABLE network_identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    atelier TEXT NOT NULL,
    network TEXT NOT NULL,
    url TEXT NOT NULL,
    certificate TEXT NOT NULL,
    centre_public_key TEXT NOT NULL
);
INSERT INTO "network_identity" VALUES(1,'ATL07','Réseau','http://127.0.0.1:9','{"atelier": "ATL07", "name": "Atelier des Tilleuls", "site": "BCDF", "public_key": "k+mYwmBPgaqr8dV0cBY0O2oPZRjiRPZKyaQxgZLn9qk=", "until": "2031-12-31", "signature": "BXIBozG0okbmaYOnBCK2Oykdu2/eLpctCOyxd63U4Xcr2fXKTJa+d9kIAMyvOGFoNM1CMkcMVnNj6kIbp/lWCQ=="}','+RLK4+OA1G53A3EW89z8A2SsyOQW3/DQEnPH4o4PTCo=');
CREATE TABLE note_file (
    note TEXT PRIMARY KEY,
    content BLOB NOT NULL,
    kept_at_ms INTEGER NOT NULL
);
INSERT INTO "note_file" VALUES('ATL07-RRRRRR',X'464C4F4F5231206E6F7465204E7945596977707967524E76756B5543444A397059633462594858425A384A676768652F5047633836703537466C317A4D43624C45576E5773694D616876646C33787257494863352B6B4C303976682F2F59327542413D3D0A78DA7552EF6FDA3010FD5790BFD65113C36841EA07920EC40884D28CF14308258EA16E824D13A76D56E57FDFD9203126CD4994BCBBF79E7377FE427185BA5F28522CE32C475DD40B7DFB0E6124A203D3F0946824AC68843CCB589915903D9671C6E93665A046E9CD61F97170A7FBE82DBF4FE63675977640E474357BE5B3E96A54454F9FFB952F3A6FE903680BBE17912A736DEF2E86AEFC3DB0651A1FA265205C6F44822A4D4A72CBFC23555E507D26EDE6CFD682E664B718853FA29BA4930E7BE3EA3D18F4E564EC78E3948EE762F2DA4E87F1F136FBE53D3D9CB6516607EFB10FA8148A670089DD742C87584D07D5C08978A2CB8F4B9164AC40DDF5DA085CBDFC91D70F11EE608760E483870BD5EB173C3382B0839D0E262D9D867B6D63B8361BFC97C3A43F787E04A2FD7F0BF20D37ED7F2C36185168BA50F0BF73DD73E87EC3D71F20A352A83CA23A37B6884DDA96DD82705232531D60A8CEB9D71394A60166A0D6CC2C88CA3C31735651AC07AB8799CB5271B187EAE120EC944EAFF53FC844EB69A9743719555C8A33AEF1856902177AC13EAEE81A5FD175E042DF71C18B972BC5395403A9A02FEC10A1AEA3F3426D4DFE54F49D45DA5AA6AA4CFB84A77220A224407F194C2C62D0F67C92BF3FF742D3C80A5CEAFA0FF88DE168',1785019260000);
INSERT INTO "note_file" VALUES('ATL07-SSSSSS',X'464C4F4F5231206E6F746520346C7161627565796148484352674344754F47536A5774584F4467656A5448754167666A53666646756171377A67387A367236644F4B712F6B7866436346774A70366153397876654B524B676A676B537679676842413D3D0A78DA5552DB6EE23010FD15E4D7266A62282D487D20EC96A510428165B90821C731D44DB0DBC4D9365BF1EF3B63901056ACE4CC9C33D77C93B822ED6FC28CC8A4C8499B746643EF9E3844B183407872D41251D46632CB449915E07D2FE34CF26D2A404DD29BC3F2F3108CF7EC237F48E61E0F965E44F57835799393F16A50B197AFFD6AA85A1FE923680BB957CC9439860F16FD40FFEB793A8D0F6C19A9A03BA051952625BD15C3776EBA51F59534EBBF1B0B9ED3DD62307B6637492BED77C2EA6FD47BD2A3D0EF86290FE76AF4D64CFBF1FB6DF6A7FBF2784A636C86EE8F2740A532320348BDBAEFFAD4ADFBE4081C26136C3F2E55928982B4D76B2B08F0F47E3D4F27C4B9737CEA90106204D03DBEE04E28717CC76F39B4816E78D670EF1C6FB3D93884C3C894816C739C18CCAE36C40FD071AD4CCE38FA42977AB4E97A0D3027A5B0B50186DAFC079CBFB6E5DB75B8537BC0AAF3C46EC9B018D782ABC87569A4DA43EDB0C69D41F71A6BD009EA79697016821BA9D5191F9D0BD31A2EF4427C5ED1115FD1D170A1EFA492C5EB95E26C3A02A9E0AFE2C048DB47BF325BEB3F357DEFD226CA4C95619CD9A91DB0180D70B88C462EB5687BFE0F7F4E3B333BC80AA21C8FFF015998D2DB',1785019680000);
INSERT INTO "note_file" VALUES('LYON-2-BCDFGH',X'',1785021780000);
CREATE TABLE offer (
    allocation TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    said TEXT NOT NULL,
    taken TEXT NOT NULL DEFAULT '',
    heard_at_ms INTEGER NOT NULL,
    told_seq INTEGER NOT NULL DEFAULT 0,
    told_status INTEGER NOT NULL DEFAULT 0,
    told_code TEXT NOT NULL DEFAULT '',
    carried_seq INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO "offer" VALUES('A-1',3,'{"allocation": "A-1", "revision": 3, "state": "withdrawn", "order": "R-2026-7", "client": "Région Hauts-de-France", "contract": "M-2026-09", "style": "Tunique", "due": "2027-03-12", "lines": [{"size": "S", "colour": "Bleu", "quantity": 60}, {"size": "M", "colour": "Bleu", "quantity": 60}, {"size": "L", "colour": "Bleu", "quantity": 60}, {"size": "XL", "colour": "Bleu", "quantity": 60}], "order_pieces": 4000, "routing": [], "pictures": [], "note": ""}','{"allocation": "A-1", "revision": 2, "state": "proposed", "order": "R-2026-7", "client": "Région Hauts-de-France", "contract": "M-2026-09", "style": "Tunique", "due": "2027-03-12", "lines": [{"size": "S", "colour": "Bleu", "quantity": 10}, {"size": "M", "colour": "Bleu", "quantity": 90}, {"size": "XXL", "colour": "Bleu", "quantity": 5}], "order_pieces": 4000, "routing": [], "pictures": [], "note": ""}',1785001200000,0,0,'',0);
INSERT INTO "offer" VALUES('A-2',1,'{"allocation": "A-2", "revision": 1, "state": "proposed", "order": "blouses", "client": "Région Hauts-de-France", "contract": "M-2026-09", "style": "Tunique", "due": "2027-03-12", "lines": [{"size": "S", "colour": "Bleu", "quantity": 60}, {"size": "M", "colour": "Bleu", "quantity": 60}, {"size": "L", "colour": "Bleu", "quantity": 60}, {"size": "XL", "colour": "Bleu", "quantity": 60}], "order_pieces": 4000, "routing": [], "pictures": [], "note": ""}','',1785001200000,0,0,'',0);
INSERT INTO "offer" VALUES('A-3',1,'{"allocation": "A-3", "revision": 1, "state": "proposed", "order": "tabliers", "client": "Région Hauts-de-France", "contract": "M-2026-09", "style": "Tunique", "due": "2027-03-12", "lines": [{"size": "S", "colour": "Bleu", "quantity": 60}, {"size": "M", "colour": "Bleu", "quantity": 60}, {"size": "L", "colour": "Bleu", "quantity": 60}, {"size": "XL", "colour": "Bleu", "quantity": 60}], "order_pieces": 4000, "routing": [], "pictures": [], "note": ""}','{"allocation": "A-3", "revision": 1, "state": "proposed", "order": "tabliers", "client": "Région Hauts-de-France", "contract": "M-2026-09", "style": "Tunique", "due": "2027-03-12", "lines": [{"size": "S", "colour": "Bleu", "quantity": 60}, {"size": "M", "colour": "Bleu", "quantity": 60}, {"size": "L", "colour": "Bleu", "quantity": 60}, {"size": "XL", "colour": "Bleu", "quantity": 60}], "order_pieces": 4000, "routing": [], "pictures": [], "note": ""}',1785001200000,0,0,'',0);
CREATE TABLE offer_answer (
    allocation TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('accepted', 'refused', 'noted')),
    reason TEXT NOT NULL,
    promised TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "offer_answer" VALUES('A-1',3,'noted','','',71,1785028080000);
INSERT INTO "offer_answer" VALUES('A-2',1,'refused','trop tôt','',61,1785025140000);
INSERT INTO "offer_answer" VALUES('A-3',1,'accepted','','',65,1785025980000);
CREATE TABLE order_line (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders(id),
    size TEXT NOT NULL,
    colour TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    pieces_cut INTEGER NOT NULL DEFAULT 0, pieces_sent INTEGER NOT NULL DEFAULT 0, pieces_received INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, size, colour)
);
INSERT INTO "order_line" VALUES(1,2,'S','Bleu',60,30,0,0);
INSERT INTO "order_line" VALUES(2,2,'M','Bleu',60,60,12,0);
INSERT INTO "order_line" VALUES(3,2,'L','Bleu',60,60,0,0);
INSERT INTO "order_line" VALUES(4,2,'XL','Bleu',60,30,0,0);
INSERT INTO "order_line" VALUES(5,3,'S','Bleu',60,30,0,0);
INSERT INTO "order_line" VALUES(6,3,'M','Bleu',60,60,0,0);
INSERT INTO "order_line" VALUES(7,3,'L','Bleu',60,60,0,0);
INSERT INTO "order_line" VALUES(8,3,'XL','Bleu',60,30,0,0);
INSERT INTO "order_line" VALUES(9,4,'S','Bleu',60,0,0,0);
INSERT INTO "order_line" VALUES(10,4,'M','Bleu',60,0,0,0);
INSERT INTO "order_line" VALUES(11,4,'L','Bleu',60,0,0,0);
INSERT INTO "order_line" VALUES(12,4,'XL','Bleu',60,0,0,0);
INSERT INTO "order_line" VALUES(13,51,'M','Écru',0,0,0,0);
INSERT INTO "order_line" VALUES(14,53,'M','Écru',38,0,0,38);
INSERT INTO "order_line" VALUES(15,62,'S','Bleu',30,30,0,0);
INSERT INTO "order_line" VALUES(16,62,'M','Bleu',60,60,0,0);
INSERT INTO "order_line" VALUES(17,62,'L','Bleu',60,60,0,0);
INSERT INTO "order_line" VALUES(18,62,'XL','Bleu',30,30,0,0);
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
, allocation TEXT NOT NULL DEFAULT '', shared INTEGER NOT NULL DEFAULT 0, sharing_seq INTEGER NOT NULL DEFAULT 0, cut_over INTEGER NOT NULL DEFAULT 0);
INSERT INTO "orders" VALUES(2,'tabliers','Région Hauts-de-France','M-2026-09','Tunique','2027-03-12',0,'import-1','commande.csv',1785002040000,228,44,0,0,'A-3',1,64,0);
INSERT INTO "orders" VALUES(3,'vestes','Ville de Lille','M-2026-04','Veste','2026-12-18',1,'import-1','commande.csv',1785002040000,240,18,1,0,'',0,60,0);
INSERT INTO "orders" VALUES(4,'par erreur','Ville de Lille','M-2026-04','Robe','2026-12-18',0,'import-2','commande.csv',1785002460000,240,0,0,1,'',0,0,0);
INSERT INTO "orders" VALUES(51,'2026-0900','Ville de Lyon','','Blouse','2026-12-18',0,'','LYON-2-BCDFGH',1785020940000,0,0,0,1,'',0,0,0);
INSERT INTO "orders" VALUES(53,'2026-0900','Ville de Lyon','','Blouse','2026-12-18',0,'','LYON-2-BCDFGH',1785021780000,38,0,0,0,'',0,0,0);
INSERT INTO "orders" VALUES(62,'R-2026-7','Région Hauts-de-France','M-2026-09','Tunique','2027-03-12',0,'done-57','Réseau',1785025560000,180,0,0,0,'A-1',1,0,1);
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
INSERT INTO "print_job" VALUES(1,1,'BCDFBBBBBKHXJR',2,'étiquettes','50x30','queued',0,0,'','',1785017580000,1785017580000);
CREATE TABLE revoked_key (
    key_id TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE routing (
    id INTEGER PRIMARY KEY,
    style TEXT NOT NULL,
    version INTEGER NOT NULL,
    operations TEXT NOT NULL,
    UNIQUE (style, version)
);
INSERT INTO "routing" VALUES(1,'Veste',1,'[{"code": "cut", "section": "cut", "after": []}, {"code": "front", "section": "sew", "after": ["cut"]}, {"code": "back", "section": "sew", "after": ["cut"]}, {"code": "finish", "section": "finish", "after": ["front", "back"]}]');
CREATE TABLE scanner_place (
    station TEXT NOT NULL,
    port TEXT NOT NULL,
    vendor TEXT NOT NULL,
    product TEXT NOT NULL,
    serial TEXT NOT NULL,
    called TEXT NOT NULL,
    numbered INTEGER NOT NULL,
    left_at_ms INTEGER NOT NULL,
    from_station TEXT NOT NULL,
    from_port TEXT NOT NULL,
    moved_at_ms INTEGER NOT NULL
);
CREATE TABLE sealed_people (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    content BLOB NOT NULL,
    made_at_ms INTEGER NOT NULL
);
CREATE TABLE sent_sheet (
    day TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (day, revision, digest)
) WITHOUT ROWID;
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
INSERT INTO "station_last" VALUES('front-1','[33]','BCDFBBBBBVNGGK','front',1785013800000);
INSERT INTO "station_last" VALUES('back-1','[34]','BCDFBBBBBSHXHF','back',1785014220000);
INSERT INTO "station_last" VALUES('sew-1','[54]','CDFGBBBXPCBCKJ','sew',1785022200000);
CREATE TABLE summed_up (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_seq INTEGER NOT NULL,
    settings TEXT NOT NULL
);
CREATE TABLE sync_attempt (
    id INTEGER PRIMARY KEY,
    cause TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    sent INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    gaps INTEGER NOT NULL,
    offers INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    left_over INTEGER NOT NULL
);
CREATE TABLE sync_fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE transfer (
    id INTEGER PRIMARY KEY,
    note TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('sent', 'received')),
    atelier TEXT NOT NULL,
    atelier_name TEXT NOT NULL,
    order_code TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    settled INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    as_of INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "transfer" VALUES(47,'ATL07-RRRRRR','sent','LYON-2','ESAT de Lyon','tabliers','2026-07-26',0,1785019260000,'cancelled',24,0,0,'camion en panne',0);
INSERT INTO "transfer" VALUES(48,'ATL07-SSSSSS','sent','LYON-2','ESAT de Lyon','tabliers','2026-07-26',0,1785019680000,'discrepancy',12,1,0,'',0);
INSERT INTO "transfer" VALUES(51,'LYON-2-BCDFGH','received','LYON-2','ESAT de Lyon','2026-0900','2026-07-26',1,1785020940000,'undone',40,40,0,'mauvais bon',51);
INSERT INTO "transfer" VALUES(53,'LYON-2-BCDFGH','received','LYON-2','ESAT de Lyon','2026-0900','2026-07-26',1,1785021780000,'received',40,38,1,'dans l’autre camion',55);
CREATE TABLE transfer_bundle (
    transfer_id INTEGER NOT NULL REFERENCES transfer(id),
    code TEXT NOT NULL,
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (transfer_id, code)
) WITHOUT ROWID;
INSERT INTO "transfer_bundle" VALUES(47,'BCDFBBBBBLKCFT',3,12,0);
INSERT INTO "transfer_bundle" VALUES(47,'BCDFBBBBBNFGSD',3,12,0);
INSERT INTO "transfer_bundle" VALUES(48,'BCDFBBBBBGHJSR',2,12,0);
INSERT INTO "transfer_bundle" VALUES(51,'CDFGBBBXPCBCKJ',13,20,20);
INSERT INTO "transfer_bundle" VALUES(51,'CDFGBBBXPDBDBC',13,20,20);
INSERT INTO "transfer_bundle" VALUES(53,'CDFGBBBXPCBCKJ',14,20,18);
INSERT INTO "transfer_bundle" VALUES(53,'CDFGBBBXPDBDBC',14,20,20);
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
INSERT INTO "undone_event" VALUES(74,76);
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
CREATE INDEX print_job_queue ON print_job (printer, id) WHERE state IN ('queued', 'sending', 'sent');
CREATE INDEX print_job_bundle ON print_job (bundle);
CREATE INDEX print_job_batch ON print_job (batch);
CREATE UNIQUE INDEX transfer_note ON transfer (note) WHERE state <> 'undone';
CREATE INDEX transfer_day ON transfer (day);
CREATE INDEX transfer_bundle_code ON transfer_bundle (code, transfer_id);
CREATE INDEX correction_by ON correction (by_seq);
CREATE INDEX clock_shift_by ON clock_shift (by_seq);
CREATE INDEX day_sheet_to_send ON day_sheet (day) WHERE acknowledged_revision < revision;
CREATE INDEX orders_allocation ON orders (allocation) WHERE undone = 0 AND allocation <> '';
CREATE INDEX event_run_hour ON event_run (hour);
CREATE INDEX event_run_unsure ON event_run (boot) WHERE clock_trusted = 0;
CREATE TRIGGER event_runs_on AFTER INSERT ON event
WHEN NOT EXISTS (SELECT 1 FROM event_run WHERE first = (SELECT max(first) FROM event_run)
    AND hour = (NEW.happened_at_ms / 60000 + NEW.utc_offset_minutes) / 60
    AND boot = NEW.boot AND clock_trusted = NEW.clock_trusted)
BEGIN
    INSERT INTO event_run
    VALUES (NEW.seq, (NEW.happened_at_ms / 60000 + NEW.utc_offset_minutes) / 60, NEW.boot, NEW.clock_trusted);
END;
CREATE VIEW count_to_book AS
SELECT 0 AS at_ms, 0 AS bundle_id, 0 AS in_progress, '' AS steps, 0 AS order_id, 0 AS finished,
    0 AS order_line_id, '' AS operation,
    0 AS good, 0 AS second, 0 AS rejected, 0 AS in_rework, 0 AS missing, 0 AS presumed, 0 AS skipped,
    '' AS day, 0 AS hour, 0 AS hour_good, 0 AS hour_second, 0 AS hour_rejected, 0 AS hour_to_rework,
    0 AS hour_from_rework, 0 AS hour_presumed, 0 AS hour_missing,
    '' AS station, '' AS seqs, '' AS bundle
WHERE 0;
CREATE TRIGGER count_booked INSTEAD OF INSERT ON count_to_book
BEGIN
    INSERT INTO bundle_step (bundle_id, operation, good, second, rejected, in_rework, missing, presumed, skipped, done_at_ms,
        waiting, waiting_since_ms, counts)
    SELECT NEW.bundle_id, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
        value ->> 8, value ->> 9, CASE value ->> 9 WHEN 0 THEN 0 ELSE NEW.at_ms END, value ->> 10
    FROM json_each(NEW.steps) WHERE true
    ON CONFLICT DO UPDATE SET good = excluded.good, second = excluded.second, rejected = excluded.rejected,
        in_rework = excluded.in_rework, missing = excluded.missing, presumed = excluded.presumed, skipped = excluded.skipped,
        done_at_ms = excluded.done_at_ms, waiting = excluded.waiting,
        counts = trim(counts || ',' || excluded.counts, ','),
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
COMMIT;
