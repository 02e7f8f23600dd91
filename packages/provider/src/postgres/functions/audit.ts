/** Writing to the audit log, and nothing else to it. */
import { defined } from './defined.ts'

const note = defined(
  'civitai_note(at_ bigint, kind_ text, client text, person bigint, actor bigint, detail_ text)',
  'void',
  `
BEGIN
  INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
  VALUES (at_, kind_, client, (SELECT owner_id FROM apps WHERE client_id = client), person, actor, detail_);
END`,
)

const appendOnly = `
CREATE OR REPLACE FUNCTION civitai_append_only() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  RAISE EXCEPTION 'append-only';
END$function$;
CREATE OR REPLACE TRIGGER audit_is_append_only BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION civitai_append_only();`

export const auditFunctions: readonly string[] = [note, appendOnly]
