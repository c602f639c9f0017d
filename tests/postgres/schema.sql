-- The source: its tables, has_role and its policy. A request says who asks by the setting request.uid.
CREATE ROLE authenticated;
CREATE SCHEMA auth;

CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('request.uid', true), '')::uuid
$$;

CREATE TABLE usage_logs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  action text NOT NULL,
  credits_consumed numeric NOT NULL DEFAULT 1.0,
  metadata jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  format text,
  quality text
);
CREATE TABLE profiles (
  id uuid PRIMARY KEY,
  username text,
  avatar_url text
);
CREATE TABLE user_roles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  role text NOT NULL,
  UNIQUE (user_id, role)
);

CREATE FUNCTION has_role(_user_id uuid, _role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT EXISTS (SELECT 1 FROM user_roles WHERE user_id = _user_id AND role = _role)
$$;

ALTER TABLE usage_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_roles ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON usage_logs FOR ALL USING (has_role(auth.uid(), 'admin') OR auth.uid() = user_id);
CREATE POLICY visible ON profiles FOR ALL USING (has_role(auth.uid(), 'admin') OR auth.uid() = id);
CREATE POLICY visible ON user_roles FOR ALL USING (has_role(auth.uid(), 'admin') OR auth.uid() = user_id);

GRANT USAGE ON SCHEMA auth TO authenticated;
GRANT SELECT ON usage_logs, profiles, user_roles TO authenticated;
