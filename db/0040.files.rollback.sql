set lock_timeout = '3s';

alter table api.routes drop column max_file_bytes;
