/** A reply with two small web apps. */
export const apps = `Here are two small apps.

\`\`\`html
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Counter</title></head>
<body>
<button onclick="this.textContent = Number(this.textContent) + 1">0</button>
</body>
</html>
\`\`\`

The second one tells the time.

\`\`\`html
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Clock</title></head>
<body>
<p id="time"></p>
<script>setInterval(() => { time.textContent = new Date().toLocaleTimeString(); }, 1000);</script>
</body>
</html>
\`\`\`

Open them in a browser.`;

/** A reply with code in two languages, and words before, between and after it. */
export const code = `In Python it is one line:

\`\`\`python
def double(number):
    return number * 2


print(double(21))
\`\`\`

And in JavaScript:

\`\`\`js
const double = (number) => number * 2;

console.log(double(21));
\`\`\`

Both print 42.`;
