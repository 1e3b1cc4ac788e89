-- Run in a freshly migrated template: keeps what the migrations inserted, and makes
-- the function that brings a used clone back to it in one call.

CREATE SCHEMA pristine;

-- Changes with every change of the schema "public", whoever made it: each row of
-- the catalogue carries the transaction that wrote it, and clones copy it as it is.
CREATE FUNCTION pristine.fingerprint() RETURNS text LANGUAGE sql AS $$
    WITH mine AS (SELECT oid, xmin FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    lines AS (
        SELECT 'relation ' || oid || ' ' || xmin AS line FROM mine
        UNION ALL
        SELECT 'column ' || attrelid || ' ' || attnum || ' ' || a.xmin FROM pg_attribute a JOIN mine ON mine.oid = attrelid
        UNION ALL
        SELECT 'constraint ' || oid || ' ' || xmin FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'trigger ' || t.oid || ' ' || t.xmin FROM pg_trigger t JOIN mine ON mine.oid = tgrelid
        UNION ALL
        SELECT 'function ' || oid || ' ' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    )
    SELECT count(*) || ' ' || sum(hashtextextended(line, 0)) FROM lines
$$;

-- With the role "replica" no trigger and no foreign key minds the order.
DO $do$
DECLARE
    relation text;
    columns  text;
    filled   boolean;
    deletes  text := '';
    inserts  text := '';
BEGIN
    FOR relation IN
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'goose_db_version'
        ORDER BY relname
    LOOP
        deletes := deletes || format('DELETE FROM public.%I; ', relation);
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', relation) INTO filled;
        CONTINUE WHEN NOT filled;
        EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', relation);
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = format('public.%I', relation)::regclass
            AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        inserts := inserts || format(
            'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pristine.%1$I; ',
            relation, columns);
    END LOOP;
    EXECUTE format(
        'CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS %L',
        format('BEGIN IF pristine.fingerprint() <> %L THEN RAISE ''the schema has changed''; END IF; ',
            pristine.fingerprint()) || deletes || inserts || 'END');
END
$do$;
