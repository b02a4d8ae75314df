"""A text as government web pages publish it, in layouts of the systems that most of them run on."""

import re
from html import escape

TITLE = "清镇市2022年度法治政府建设情况报告"
MENU = ["首页", "政务要闻", "政务公开", "政务服务", "互动交流", "走进清镇", "数据开放", "专题专栏"]
NEWS = [
    "市政府召开第二十三次常务会议，研究部署近期重点工作",
    "我市扎实推进“一网通办”改革，持续优化营商环境。",
    "清镇市召开2023年法治政府建设工作推进会；市长出席并讲话",
]


def links(rows, tag="li"):
    return "".join(
        f'<{tag}><a href="/art/{i}.html" title="{escape(row)}">{row}</a></{tag}>' for i, row in enumerate(rows)
    )


def trs(text):
    """TRS WCM: declared gb2312, written as GBK with the dash that gb2312 lacks; paragraphs with indents as blanks."""
    body = "\n".join(
        f'<p style="text-indent: 2em;" align="justify">　　{escape(line)}</p>' for line in text.split("\n")
    )
    page = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{TITLE}_清镇市人民政府门户网站</title>
<meta name="SiteName" content="清镇市人民政府门户网站"/><meta name="SiteDomain" content="www.example.invalid"/>
<meta name="ColumnName" content="法治政府建设"/><meta name="ColumnType" content="政务公开"/>
<meta name="ArticleTitle" content="{TITLE}"/><meta name="PubDate" content="2023-03-15 10:26"/>
<meta name="ContentSource" content="清镇市司法局"/><meta name="Author" content=""/>
<style>.TRS_Editor P{{margin:0}} .nav li{{float:left}}</style>
<script>var path = "<div class='TRS_Editor'>"; if (1 < 2) document.write("<p>统计。</p>");</script>
</head><body><div class="top"><ul class="nav">{links(MENU)}</ul></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 法治政府建设</div>
<div class="main"><h1 class="tit">{TITLE}</h1>
<div class="info"><span>发布时间：2023-03-15 10:26</span>　<span>来源：清镇市司法局</span> <span>浏览次数：<b id="hits">0</b></span>
<span>字号：[<a href="javascript:f(16)">大</a> <a href="javascript:f(14)">中</a> <a href="javascript:f(12)">小</a>]</span> <a href="javascript:print()">打印</a></div>
<div class="content"><div class=TRS_Editor><div class="Custom_UnionStyle">
{body}
</div></div></div>
<div class="bdsharebuttonbox"><a>分享到</a></div><div class="ewm"><p>扫一扫在手机打开当前页</p></div>
<div class="xgwd"><h3>相关链接</h3><ul>{links(NEWS)}</ul></div></div>
<div class="side"><h2>要闻</h2><ul>{links(NEWS)}</ul><p>本网站由清镇市人民政府主办，市政府办公室承办。</p></div>
<div class="footer"><p>主办单位：清镇市人民政府　版权所有　网站标识码：5201810001</p><p>黔ICP备05001234号 贵公网安备 52018102000001号</p></div>
</body></html>"""
    return page.encode("gbk")


def jcms(text):
    """大汉 jcms: UTF-8 with no word of it, lines parted by <br> in one element, a table of fields above."""
    body = "<br/>\n<br/>\n".join(
        f"&nbsp;&nbsp;&nbsp;&nbsp;<span style='font-family:仿宋'>{escape(line)}</span>" for line in text.split("\n")
    )
    fields = [
        ("索 引 号", "000014349/2023-00012"), ("主题分类", "司法/法治政府"), ("发文机关", "清镇市人民政府"), ("成文日期", "2023年03月10日"),
        ("标　　题", TITLE), ("发文字号", "清府发〔2023〕5号"),
    ]  # fmt: skip
    table = "".join(f"<tr><td class='l'>{k}：</td><td class='r'>{v}</td></tr>" for k, v in fields)
    page = f"""<!doctype html><html lang="zh-CN"><head><title>清镇市人民政府 政府信息公开 {TITLE}</title>
<link rel="stylesheet" href="/css/x.css"><script src="/script/jquery.js"></script></head>
<body><header><div class="logo">清镇市人民政府</div><nav>{links(MENU, "span")}</nav></header>
<div class="zwgk_left"><ul>{links([f"{item}指南" for item in MENU])}</ul></div>
<div class="zwgk_right"><div class="bg"><table class="xxgk_table" width="100%"><tbody>{table}</tbody></table></div>
<div class="bt-article"><p class="ArticleTitle">{TITLE}</p>
<div id="zoom"><!--ZJEG_RSS.content.begin--><meta name="ContentStart">
{body}
<meta name="ContentEnd"><!--ZJEG_RSS.content.end--></div>
<div class="prevnext"><p>上一篇：<a href="1.html">{NEWS[0]}</a></p><p>下一篇：<a href="2.html">{NEWS[1]}</a></p></div>
</div></div><footer>Copyright © 清镇市人民政府 All Rights Reserved. 地址：贵州省清镇市云岭大街。邮编：551400</footer></body></html>"""
    return page.encode("utf-8")


def nested(text):
    """An old page: tables in tables, no name that says where the body is, soup from Word, lines wrapped in the source."""
    wrapped = [re.sub("(.{40,60}?[一-龥])(?=[一-龥])", r"\1\n", escape(line)) for line in text.split("\n")]
    body = "\n".join(
        f'<P class=MsoNormal style="TEXT-INDENT: 32pt"><SPAN style="FONT-SIZE: 16pt"><FONT face=仿宋_GB2312>{line}<o:p></o:p></FONT></SPAN></P>'
        for line in wrapped
    )
    page = f"""<HTML><HEAD><TITLE>::清镇市人民政府网站::</TITLE><META content="text/html; charset=gbk" http-equiv=Content-Type></HEAD>
<BODY bgColor=#ffffff><TABLE width=1000 align=center border=0><TR><TD colSpan=2><IMG src="banner.gif"></TD></TR>
<TR><TD vAlign=top width=200><TABLE>{"".join(f"<TR><TD><A href={i}.htm>{item}</A></TD></TR>" for i, item in enumerate(MENU))}</TABLE>
<TABLE><TR><TD>通知公告</TD></TR>{"".join(f"<TR><TD>·<A href=n{i}.htm>{item}</A></TD></TR>" for i, item in enumerate(NEWS))}</TABLE></TD>
<TD vAlign=top><TABLE width="100%"><TR><TD>您现在的位置：<A href=/>首页</A>&gt;&gt;政务公开&gt;&gt;正文</TD></TR>
<TR><TD align=middle><FONT size=5><B>{TITLE}</B></FONT></TD></TR>
<TR><TD align=middle>来源：清镇市司法局　　发布日期：2023-3-15　　点击数：<SCRIPT src="hits.asp?id=1"></SCRIPT></TD></TR>
<TR><TD><TABLE cellPadding=8><TBODY><TR><TD><TABLE><TR><TD>{body}</TD></TR></TABLE></TD></TR></TBODY></TABLE></TD></TR>
<TR><TD align=right>【<A href="javascript:window.print()">打印本页</A>】【<A href="javascript:window.close()">关闭窗口</A>】</TD></TR></TABLE></TD></TR>
<TR><TD colSpan=2 align=middle>清镇市人民政府办公室主办 清镇市电子政务中心维护<BR>建议使用IE6.0以上浏览器，分辨率1024×768。</TD></TR></TABLE></BODY></HTML>"""
    return page.encode("gb18030")


LAYOUTS = {"trs": trs, "jcms": jcms, "nested": nested}
