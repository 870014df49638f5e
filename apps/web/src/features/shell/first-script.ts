export const THEME_KEY = "teatree.theme";

/**
 * Runs before the first paint. Sets the theme, so that nothing flashes, and gives the page's nonce to every `<style>`
 * that libraries make later: the content security policy admits no other. zod compiles its parsers with `new Function`
 * unless told not to before the first schema is made; under our policy the mere attempt is reported as a violation.
 */
export const FIRST_SCRIPT = `(function(){
globalThis.__zod_globalConfig={jitless:true};
var t=null;try{t=localStorage.getItem("${THEME_KEY}")}catch(e){}
var d=t==="dark"||(t!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.dataset.theme=d?"dark":"light";
var s=document.currentScript,n=s&&s.nonce;
if(n){var c=Document.prototype.createElement;Document.prototype.createElement=function(a,o){var e=c.call(this,a,o);if(String(a).toLowerCase()==="style")e.setAttribute("nonce",n);return e}}
})()`;
