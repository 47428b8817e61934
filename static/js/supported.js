// Says, before anything is drawn, that scripts run here; the NHS components look for these classes.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' nhsuk-frontend-supported' : '');
