def chromium_path():
    return "/usr/bin/chromium"
