import {expect, test} from 'vitest';
import {proxyFor} from '../../src/core/http/connect/proxy-settings.js';
import {stubProxies} from '../support/servers/proxy-server.js';

test.each([
  ['poe.com', 'https://poe.com/', true],
  ['poe.com', 'https://www.poe.com/', true],
  ['poe.com', 'wss://tch123456.tch.poe.com/up/x', true],
  ['poe.com', 'https://notpoe.com/', false],
  ['poe.com', 'https://poe.com.example/', false],
  ['.poe.com', 'https://poe.com/', true],
  ['.poe.com', 'wss://tch1.tch.poe.com/', true],
  ['.poe.com', 'https://notpoe.com/', false],
  ['*.poe.com', 'https://poe.com/', true],
  ['*.poe.com', 'https://api.poe.com/', true],
  ['*.poe.com', 'https://notpoe.com/', false],
  ['*poe.com', 'https://notpoe.com/', true],
  ['POE.COM', 'https://poe.com/', true],
  ['poe.com.', 'https://poe.com/', true],
  ['poe.com', 'https://poe.com./', true],
  ['localhost, quora.com poe.com', 'https://poe.com/', true],
  ['localhost,, ,quora.com', 'https://poe.com/', false],
  ['*', 'https://poe.com/', true],
  ['localhost,*', 'https://poe.com/', true],
  ['poe.com:443', 'https://poe.com/', true],
  ['poe.com:443', 'wss://tch1.tch.poe.com/', true],
  ['poe.com:8443', 'https://poe.com/', false],
  ['poe.com:8443', 'https://poe.com:8443/', true],
  ['.', 'https://poe.com/', false],
  ['münchen.example', 'https://xn--mnchen-3ya.example/', true],
  ['127.0.0.1', 'https://127.0.0.1:8443/', true],
  ['127.0.0.1:8443', 'https://127.0.0.1:8443/', true],
  ['127.0.0.1:443', 'https://127.0.0.1:8443/', false],
  ['.0.0.1', 'https://127.0.0.1/', false],
  ['10.0.0.0/8', 'https://10.200.3.4/', true],
  ['10.0.0.0/8', 'https://11.0.0.1/', false],
  ['192.168.1.77/24', 'https://192.168.1.2/', true],
  ['0.0.0.0/0', 'https://192.168.1.2/', true],
  ['10.0.0.0/8', 'https://10.example/', false],
  ['10.0.0.0/99', 'https://10.0.0.1/', false],
  ['10.0.0.0/', 'https://10.0.0.1/', false],
  ['10.0.0.0/x', 'https://10.0.0.1/', false],
  ['::1', 'https://[::1]/', true],
  ['[::1]', 'https://[::1]:8443/', true],
  ['[::1]:8443', 'https://[::1]:8443/', true],
  ['[::1]:443', 'https://[::1]:8443/', false],
  ['0:0:0:0:0:0:0:1', 'https://[::1]/', true],
  ['fd00::/8', 'https://[fd12::5]/', true],
  ['[fd00::/8]', 'https://[fd12::5]/', true],
  ['fd00::/8', 'https://[fe80::5]/', false],
  ['fd00::/8', 'https://10.0.0.1/', false],
])('NO_PROXY=%s, %s: bypasses the proxy %s', (list, url, isBypassed) => {
  stubProxies({HTTPS_PROXY: 'http://proxy.invalid:3128', NO_PROXY: list});
  expect(proxyFor(new URL(url)) === undefined).toBe(isBypassed);
});

test.each([
  ['proxy.example:3128', {protocol: 'http:', hostname: 'proxy.example', port: 3128}],
  ['localhost:8080', {protocol: 'http:', hostname: 'localhost', port: 8080}],
  ['user:secret@proxy.example:3128', {protocol: 'http:', port: 3128, user: 'user', password: 'secret'}],
  ['proxy.example', {protocol: 'http:', port: 80}],
  ['https://proxy.example', {protocol: 'https:', port: 443}],
  ['HTTP://PROXY.example:80/', {protocol: 'http:', hostname: 'proxy.example', port: 80}],
  [' http://proxy.example:3128 ', {port: 3128}],
  ['http://[fd00::1]:3128', {hostname: 'fd00::1', port: 3128, host: '[fd00::1]:3128'}],
  ['http://user@proxy.example', {user: 'user', password: ''}],
  ['http://user:@proxy.example', {user: 'user', password: ''}],
  ['http://:secret@proxy.example', {user: '', password: 'secret'}],
  ['http://us%40er:p%3Aa%2Fs%25s@proxy.example', {user: 'us@er', password: 'p:a/s%s'}],
  ['http://user:p@ss@proxy.example', {user: 'user', password: 'p@ss'}],
  ['http://user:50%@proxy.example', {user: 'user', password: '50%'}],
  ['http://user:%zz%C3%A9é@proxy.example', {user: 'user', password: '%zzéé'}],
])('HTTPS_PROXY=%s is understood', (setting, proxy) => {
  stubProxies({HTTPS_PROXY: setting});
  expect(proxyFor(new URL('https://poe.com/'))).toMatchObject(proxy);
});

test('the variables have the precedence that curl gives them', () => {
  const port = () => proxyFor(new URL('https://poe.com/'))?.port;
  stubProxies({ALL_PROXY: 'http://p:1'});
  expect(port()).toBe(1);
  stubProxies({ALL_PROXY: 'http://p:1', all_proxy: 'http://p:2'});
  expect(port()).toBe(2);
  stubProxies({all_proxy: 'http://p:2', HTTPS_PROXY: 'http://p:3'});
  expect(port()).toBe(3);
  stubProxies({HTTPS_PROXY: 'http://p:3', https_proxy: 'http://p:4'});
  expect(port()).toBe(4);
  stubProxies({HTTPS_PROXY: 'http://p:3', https_proxy: ''});
  expect(port()).toBe(3);
  stubProxies({HTTP_PROXY: 'http://p:5'});
  expect(port()).toBeUndefined();
});
